// What a gateway tells the control plane: receipts of revisions, and that it lives and where it stands. Neither is lost
// by an outage: receipts are sent again until they arrive, heartbeats are overtaken by the next. A receipt that the control
// API refuses for what it says is found by halving its batch, and dropped: it would be refused for ever.
import type { HeartbeatBody, Receipt, ReceiptsBody } from '@sluice/contracts';
import type { Logger } from '@sluice/runtime';
import { request } from 'undici';
import type { Agent } from 'undici';

export interface ControlClientOptions {
  readonly agent: Agent;
  readonly controlUrl: string;
  readonly token: string;
  readonly gatewayId: string;
  readonly logger: Logger;
  /** What the next heartbeat says beside the gateway's id. */
  readonly standing: () => Omit<HeartbeatBody, 'gatewayId'>;
}

const heartbeatMs = 5000;
const coalesceMs = 50;
const mostReceipts = 1000;
const retryMs = 1000;
const answerMs = 10_000;
// Refused for other reasons than what was sent: a token that is being changed, a proxy's route, haste.
const laterStatuses: ReadonlySet<number> = new Set([401, 403, 404, 407, 408, 425, 429]);

type Outcome = 'taken' | 'refused' | 'later';

export class ControlClient {
  readonly #options: ControlClientOptions;
  /** The newest receipt of each environment that has not arrived yet. */
  readonly #outbox = new Map<string, Receipt>();
  #isSendingReceipts = false;
  #isStopped = false;
  #beat: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: ControlClientOptions) {
    this.#options = options;
    this.#schedule(0);
  }

  addReceipts(receipts: readonly Receipt[]): void {
    for (const receipt of receipts) this.#outbox.set(receipt.environmentId, receipt);
    void this.#sendReceipts(); // it never rejects
  }

  /** The position has moved: tell it soon, together with what moves in the next 50 ms. */
  beatSoon(): void {
    this.#schedule(coalesceMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#beat);
    clearTimeout(this.#retry);
  }

  #schedule(afterMs: number): void {
    if (this.#isStopped) return;
    clearTimeout(this.#beat);
    this.#beat = setTimeout(() => {
      const body: HeartbeatBody = { gatewayId: this.#options.gatewayId, ...this.#options.standing() };
      void this.#post('/v1/fleet/heartbeats', body); // a failed one is overtaken by the next
      this.#schedule(heartbeatMs);
    }, afterMs);
  }

  async #sendReceipts(): Promise<void> {
    if (this.#isSendingReceipts || this.#isStopped) return;
    this.#isSendingReceipts = true;
    while (this.#outbox.size > 0) {
      const receipts = [...this.#outbox.values()].slice(0, mostReceipts);
      if (!(await this.#deliver(receipts))) break;
    }
    this.#isSendingReceipts = false;
    if (this.#outbox.size > 0 && !this.#isStopped) this.#retry = setTimeout(() => void this.#sendReceipts(), retryMs);
  }

  /** False: the rest is to be sent later. */
  async #deliver(receipts: readonly Receipt[]): Promise<boolean> {
    const body: ReceiptsBody = { gatewayId: this.#options.gatewayId, receipts: [...receipts] };
    const outcome = await this.#post('/v1/fleet/receipts', body);
    if (outcome === 'later' || this.#isStopped) return false;
    if (outcome === 'refused' && receipts.length > 1) {
      const half = Math.ceil(receipts.length / 2);
      return (await this.#deliver(receipts.slice(0, half))) && (await this.#deliver(receipts.slice(half)));
    }
    if (outcome === 'refused')
      this.#options.logger.error({ receipt: receipts[0] }, 'the control API refuses a receipt; it is dropped');
    for (const receipt of receipts)
      if (this.#outbox.get(receipt.environmentId) === receipt) this.#outbox.delete(receipt.environmentId);
    return true;
  }

  async #post(path: string, body: HeartbeatBody | ReceiptsBody): Promise<Outcome> {
    const { agent, controlUrl, token, logger } = this.#options;
    try {
      const answer = await request(new URL(path, controlUrl), {
        dispatcher: agent,
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        headersTimeout: answerMs,
        bodyTimeout: answerMs,
      });
      await answer.body.dump();
      const status = answer.statusCode;
      if (status < 300) return 'taken';
      logger.warn({ path, status }, 'the control API did not take it');
      return status >= 400 && status < 500 && !laterStatuses.has(status) ? 'refused' : 'later';
    } catch (error) {
      logger.debug({ path, err: error }, 'the control API was not reached');
      return 'later';
    }
  }
}
