// What to enforce, kept in step with the control plane: follows the change feed, puts each change in force, answers revisions
// with receipts, and keeps the last good snapshot on disk. Without the control plane the gateway goes on with what it has.
import type { GatewayActivity, UpstreamHealthReport } from '@sluice/contracts';
import type { Logger } from '@sluice/runtime';
import { Agent } from 'undici';
import { ControlClient } from './control-client.js';
import { followFeed } from './feed-connection.js';
import { endInWords, isLasting } from './feed-end.js';
import type { FeedEnd } from './feed-end.js';
import { FleetIdentity } from './fleet-identity.js';
import { HeldChanges } from './held-changes.js';
import { InForce } from './in-force.js';
import { LastGood } from './last-good.js';
import type { ReceivedEntry, ReceivedLine } from './received.js';
import { reconnectDelay } from './reconnect.js';
import type { Threads } from './threads.js';
import { SnapshotWriter } from './snapshot-writer.js';

export interface SnapshotOptions {
  readonly controlUrl: string;
  readonly token: string;
  readonly gatewayId: string;
  readonly bootId: string;
  readonly version: string;
  readonly directory: string;
  /** Where the key is kept that this gateway proves itself with. */
  readonly keyDirectory: string;
  /** What it does at this moment. @param isDrainAsked by the operator. */
  readonly activity: (isDrainAsked: boolean) => GatewayActivity;
  readonly threads: Threads;
  readonly logger: Logger;
  /** After which a feed that says nothing is followed anew; left out: 14 s. */
  readonly silenceMs?: number;
}

// The feed pings every 5 s; three missed pings are a dead connection.
const feedSilenceMs = 14_000;

export interface SnapshotStatus {
  readonly isLoaded: boolean;
  readonly isConnected: boolean;
  readonly historyId: string | undefined;
  readonly position: number;
  /** The feed's newest position, as last heard. */
  readonly head: number;
  /** When the feed was last heard, Unix milliseconds; 0: never. */
  readonly contactAt: number;
  /** The operator has asked that no traffic be sent here. */
  readonly isDrainAsked: boolean;
  /** Why there is no connection, for people. */
  readonly problem: string | undefined;
}

export class Snapshot {
  readonly #options: SnapshotOptions;
  readonly #agent = new Agent({ connect: { timeout: 5000 } });
  readonly #stopping = new AbortController();
  readonly #identity: FleetIdentity;
  readonly #control: ControlClient;
  readonly #writer: SnapshotWriter;
  readonly #inForce: InForce;
  #staged: { readonly held: HeldChanges; readonly historyId: string; readonly mark: string | undefined } | undefined;
  #isLoaded = false;
  #isConnected = false;
  #historyId: string | undefined;
  #position = 0;
  /** Of that position. */
  #mark: string | undefined;
  #head = 0;
  #contactAt = 0;
  #isDrainAsked = false;
  #problem: string | undefined;
  #following: Promise<void> | undefined;

  private constructor(options: SnapshotOptions, inForce: InForce) {
    this.#options = options;
    this.#inForce = inForce;
    const { controlUrl, token, gatewayId, bootId, version, logger, directory, keyDirectory, activity } = options;
    const agent = this.#agent;
    this.#identity = new FleetIdentity({
      agent,
      controlUrl,
      token,
      gatewayId,
      bootId,
      version,
      directory: keyDirectory,
    });
    this.#control = new ControlClient({
      agent,
      controlUrl,
      identity: this.#identity,
      gatewayId,
      logger,
      standing: () => ({
        bootId,
        version,
        historyId: this.#historyId ?? null,
        position: this.#position,
        mark: this.#mark,
        activity: activity(this.#isDrainAsked),
      }),
      onAnswer: ({ isDrainAsked }) => this.#onDrainAsked(isDrainAsked),
    });
    this.#writer = new SnapshotWriter(new LastGood(directory, token), logger);
  }

  /** Resolves when what lies on disk is in force on every thread; the feed is followed from then on. */
  static async start(options: SnapshotOptions): Promise<Snapshot> {
    const snapshot = new Snapshot(options, InForce.start(options.threads));
    await snapshot.#load();
    snapshot.#following = snapshot.#follow();
    return snapshot;
  }

  get status(): SnapshotStatus {
    return {
      isLoaded: this.#isLoaded,
      isConnected: this.#isConnected,
      historyId: this.#historyId,
      position: this.#position,
      head: Math.max(this.#head, this.#position),
      contactAt: this.#contactAt,
      isDrainAsked: this.#isDrainAsked,
      problem: this.#problem,
    };
  }

  /** To be told to the control plane. */
  report(reports: readonly UpstreamHealthReport[]): void {
    this.#control.addReports(reports);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#control.stop();
    await this.#following;
    await this.#writer.stop();
    await this.#agent.destroy();
  }

  async #load(): Promise<void> {
    const { logger, version } = this.#options;
    const result = await this.#writer.load();
    if (result.state === 'unreadable') {
      logger.error(
        { reason: result.reason },
        'the last good snapshot cannot be read; starting without it, and replacing it with the next one',
      );
    }
    if (result.state !== 'loaded') return;
    const { historyId, position, mark, entries } = result.saved;
    const held = new HeldChanges();
    for (const entry of entries) held.apply(entry);
    await this.#replace(held);
    this.#contactAt = result.contactAt;
    // Another version may have refused, or passed over, what this one can read: it is served, and taken anew as a whole.
    if (result.saved.version === version) {
      this.#historyId = historyId;
      this.#position = position;
      this.#mark = mark;
    }
    logger.info({ position, changes: entries.length }, 'serving the last good snapshot');
  }

  async #follow(): Promise<void> {
    const { logger } = this.#options;
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      const end = await this.#connect(() => (failures = 0));
      this.#isConnected = false;
      this.#staged = undefined;
      if (signal.aborted) return;
      failures += 1;
      this.#tellEnd(end, logger);
      await reconnectDelay(failures, isLasting(end), signal);
    }
  }

  async #connect(onHeard: () => void): Promise<FeedEnd> {
    const own = await this.#identity.current();
    if (!('token' in own))
      return own.refusal === 'unreachable' ? { ...own, reason: own.refusal } : { reason: own.refusal };
    const end = await followFeed({
      agent: this.#agent,
      controlUrl: this.#options.controlUrl,
      token: own.token,
      historyId: this.#historyId,
      after: this.#position,
      mark: this.#mark,
      silenceMs: this.#options.silenceMs ?? feedSilenceMs,
      signal: this.#stopping.signal,
      onLines: async (lines) => {
        onHeard();
        await this.#onLines(lines);
      },
    });
    if (end.reason === 'identity_refused') this.#identity.drop(own.token);
    return end;
  }

  #onDrainAsked(isDrainAsked: boolean): void {
    if (isDrainAsked === this.#isDrainAsked) return;
    this.#isDrainAsked = isDrainAsked;
    this.#options.logger.info(
      isDrainAsked
        ? 'the operator has asked this gateway to drain: it is not ready until that is taken back, and serves whoever still comes'
        : 'the operator has taken the drain back: this gateway is ready again',
    );
    this.#control.beatSoon();
  }

  // One line when the reason changes: a control plane that is away for an hour is not an hour of log.
  #tellEnd(end: FeedEnd, logger: Logger): void {
    const problem = endInWords(end, this.#options.controlUrl);
    if (problem === this.#problem) return;
    this.#problem = problem;
    const going = this.#isLoaded ? 'Going on with the last good snapshot.' : 'There is no snapshot to serve yet.';
    if (end.reason === 'closed' || end.reason === 'identity_refused') logger.info(`${problem} Connecting again.`);
    else logger.error({ reason: end.reason }, `${problem} ${going}`);
  }

  async #onLines(lines: readonly ReceivedLine[]): Promise<void> {
    const { logger } = this.#options;
    this.#contactAt = Date.now();
    let batch: ReceivedEntry[] = [];
    let reached = this.#position;
    let mark = this.#mark;
    for (const line of lines) {
      if (line.type === 'hello') {
        this.#isConnected = true;
        this.#problem = undefined;
        this.#head = line.position;
        logger.info({ mode: line.mode, position: line.position, fleet: line.fleetId }, 'following the change feed');
        if (line.mode === 'snapshot')
          this.#staged = { held: new HeldChanges(), historyId: line.historyId, mark: line.mark };
      } else if (line.type === 'ping') {
        this.#head = line.position;
      } else if (line.type === 'snapshot-end') {
        await this.#endSnapshot(line.position);
        reached = line.position;
        mark = this.#mark;
        batch = [];
      } else if (line.type === 'unknown') {
        logger.warn(
          { position: line.position, reason: line.reason },
          'passed over a line of the change feed that this version cannot read; update the gateway',
        );
        if (this.#staged === undefined && line.position !== undefined) ({ position: reached, mark } = line);
      } else if (this.#staged !== undefined) {
        this.#staged.held.apply(line.entry);
      } else {
        batch.push(line.entry);
        ({ position: reached, mark } = line.entry);
      }
    }
    if (reached > this.#position || batch.length > 0) await this.#apply(batch, reached, mark);
    else this.#writer.touch(this.#contactAt);
  }

  async #apply(entries: readonly ReceivedEntry[], reached: number, mark: string | undefined): Promise<void> {
    const receipts = await this.#inForce.apply(entries);
    this.#position = reached;
    this.#mark = mark;
    this.#isLoaded = true;
    this.#control.addReceipts(receipts);
    this.#moved();
  }

  async #endSnapshot(position: number): Promise<void> {
    const staged = this.#staged;
    if (staged === undefined) return;
    this.#staged = undefined;
    await this.#replace(staged.held);
    this.#historyId = staged.historyId;
    this.#position = position;
    this.#mark = staged.mark;
    this.#moved();
  }

  async #replace(held: HeldChanges): Promise<void> {
    this.#control.addReceipts(await this.#inForce.replace(held));
    this.#isLoaded = true;
  }

  #moved(): void {
    this.#control.beatSoon();
    const historyId = this.#historyId;
    if (historyId !== undefined)
      this.#writer.save(() => ({
        version: this.#options.version,
        historyId,
        position: this.#position,
        mark: this.#mark,
        entries: this.#inForce.all(),
      }));
  }
}
