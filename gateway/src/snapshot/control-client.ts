// What a gateway tells the control plane: receipts of revisions, the health of targets, and that it lives and where it
// stands. Nothing is lost by an outage: receipts and reports are sent again until they arrive, heartbeats are overtaken
// by the next.
import { setTimeout as delay } from 'node:timers/promises';
import type {
  HeartbeatAnswer,
  HeartbeatBody,
  Receipt,
  ReceiptsBody,
  UpstreamHealthBody,
  UpstreamHealthReport,
} from '@sluice/contracts';
import { heartbeatAnswerSchema } from '@sluice/contracts';
import type { Logger } from '@sluice/runtime';
import { request } from 'undici';
import type { Agent } from 'undici';
import type { FleetIdentity } from './fleet-identity.js';
import { Outbox } from './outbox.js';
import type { Outcome } from './outbox.js';

export interface ControlClientOptions {
  readonly agent: Agent;
  readonly controlUrl: string;
  readonly identity: Pick<FleetIdentity, 'current' | 'drop'>;
  readonly gatewayId: string;
  readonly logger: Logger;
  /** What the next heartbeat says beside the gateway's id. */
  readonly standing: () => Omit<HeartbeatBody, 'gatewayId'>;
  readonly onAnswer: (answer: HeartbeatAnswer) => void;
}

const heartbeatMs = 5000;
const coalesceMs = 50;
/** For the last one of all. */
const lastBeatMs = 1000;
const mostReceipts = 1000;
// A report may speak of hundreds of targets.
const mostReports = 100;
const answerMs = 10_000;
// Refused for other reasons than what was sent: a token that is being changed, a proxy's route, haste.
const laterStatuses: ReadonlySet<number> = new Set([401, 403, 404, 407, 408, 425, 429]);

export class ControlClient {
  readonly #options: ControlClientOptions;
  readonly #receipts: Outbox<Receipt>;
  readonly #reports: Outbox<UpstreamHealthReport>;
  #isStopped = false;
  #beat: NodeJS.Timeout | undefined;
  #isSoon = false;

  constructor(options: ControlClientOptions) {
    this.#options = options;
    const { gatewayId, logger } = options;
    this.#receipts = new Outbox({
      mostAtOnce: mostReceipts,
      send: async (receipts) => this.#post('/v1/fleet/receipts', { gatewayId, receipts: [...receipts] }),
      onDropped: (receipt) => logger.error({ receipt }, 'the control API refuses a receipt; it is dropped'),
    });
    this.#reports = new Outbox({
      mostAtOnce: mostReports,
      send: async (reports) => this.#post('/v1/fleet/upstream-health', { gatewayId, reports: [...reports] }),
      onDropped: ({ environmentId }) =>
        logger.error({ environmentId }, 'the control API refuses a report of the health of upstreams; it is dropped'),
    });
    this.#schedule(0);
  }

  addReceipts(receipts: readonly Receipt[]): void {
    this.#receipts.add(receipts);
  }

  addReports(reports: readonly UpstreamHealthReport[]): void {
    this.#reports.add(reports);
  }

  /** The position has moved: tell it soon, together with what moves in the next 50 ms. */
  beatSoon(): void {
    if (this.#isSoon) return; // put off by each move, none would come while there are many
    this.#isSoon = true;
    this.#schedule(coalesceMs);
  }

  /** Says once more where a gateway that has drained stands, so that nobody takes its end for silence. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#beat);
    this.#receipts.stop();
    this.#reports.stop();
    const body = this.#heartbeat();
    if (body.activity === 'drained' || body.activity === 'draining')
      await Promise.race([this.#post('/v1/fleet/heartbeats', body), delay(lastBeatMs, undefined, { ref: false })]);
  }

  #schedule(afterMs: number): void {
    if (this.#isStopped) return;
    clearTimeout(this.#beat);
    this.#beat = setTimeout(() => {
      this.#isSoon = false;
      // A failed one is overtaken by the next.
      void this.#post('/v1/fleet/heartbeats', this.#heartbeat(), (text) => this.#onBeaten(text));
      this.#schedule(heartbeatMs);
    }, afterMs);
  }

  #heartbeat(): HeartbeatBody {
    return { gatewayId: this.#options.gatewayId, ...this.#options.standing() };
  }

  // A control plane of the version before this one answers nothing.
  #onBeaten(text: string): void {
    const answer = text === '' ? undefined : heartbeatAnswerSchema.safeParse(JSON.parse(text)).data;
    if (answer !== undefined) this.#options.onAnswer(answer);
  }

  async #post(
    path: string,
    body: HeartbeatBody | ReceiptsBody | UpstreamHealthBody,
    onTaken: (text: string) => void = () => undefined,
  ): Promise<Outcome> {
    const { agent, controlUrl, identity, logger } = this.#options;
    const own = await identity.current();
    if (!('token' in own)) return 'later'; // told where the feed is followed
    try {
      const answer = await request(new URL(path, controlUrl), {
        dispatcher: agent,
        method: 'POST',
        headers: { authorization: `Bearer ${own.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        headersTimeout: answerMs,
        bodyTimeout: answerMs,
      });
      const text = await answer.body.text();
      const status = answer.statusCode;
      if (status < 300) {
        onTaken(text);
        return 'taken';
      }
      if (status === 401 || status === 403) identity.drop(own.token);
      logger.warn({ path, status }, 'the control API did not take it');
      return status >= 400 && status < 500 && !laterStatuses.has(status) ? 'refused' : 'later';
    } catch (error) {
      logger.debug({ path, err: error }, 'the control API was not reached');
      return 'later';
    }
  }
}
