// Sends spans to a collector, by OTLP over HTTP as JSON, in batches. What waits is bounded: when the collector is slow or
// away, new spans are dropped and counted. What may be tried again (OTLP 1.x, section "Failures") is, a few times.
import { setTimeout as delay } from 'node:timers/promises';

export interface ExporterOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly scheduleMs: number;
  readonly mostQueued: number;
  /** What stands round the spans of a request: `[before, after]`. */
  readonly envelope: readonly [string, string];
  /** Told once until it works again. */
  readonly onFault: (why: string) => void;
}

const mostOfBatch = 512;
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const attempts = 4;
const firstBackoffMs = 500;
/** How long the end of the process waits for a collector. */
const stopMs = 2000;

export class OtlpExporter {
  exported = 0;
  dropped = 0;
  readonly #options: ExporterOptions;
  readonly #stopped = new AbortController();
  readonly #late = new AbortController();
  #queue: string[] = [];
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isFailing = false;

  constructor(options: ExporterOptions) {
    this.#options = options;
  }

  add(spans: readonly string[]): void {
    const room = Math.max(0, this.#options.mostQueued - this.#queue.length);
    this.dropped += Math.max(0, spans.length - room);
    this.#queue.push(...spans.slice(0, room));
    if (this.#queue.length >= mostOfBatch) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), this.#options.scheduleMs).unref();
  }

  /** Sends what is left, once, within two seconds. Resolves when that has ended, however. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    setTimeout(() => this.#late.abort(), stopMs).unref();
    this.#send();
    await this.#sending;
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // What the timer was set for may have gone with what was being sent.
    if (this.#queue.length > 0) this.#sending ??= this.#sendAll();
  }

  // It never rejects.
  async #sendAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, mostOfBatch);
      const fault = await this.#sendBatch(batch);
      if (fault === undefined) this.exported += batch.length;
      else this.dropped += batch.length;
      if (fault !== undefined && !this.#isFailing) this.#options.onFault(fault);
      this.#isFailing = fault !== undefined;
    }
    this.#sending = undefined;
  }

  /** Undefined: the collector has it. */
  async #sendBatch(batch: readonly string[]): Promise<string | undefined> {
    const [before, after] = this.#options.envelope;
    const body = `${before}${batch.join(',')}${after}`;
    let fault = '';
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (attempt > 0 && !(await this.#wait(firstBackoffMs * 2 ** attempt * Math.random()))) return fault;
      const result = await this.#post(body);
      if (result === 'sent') return undefined;
      fault = result.fault;
      if (!result.mayRetry) return fault;
    }
    return fault;
  }

  async #post(body: string): Promise<'sent' | { readonly fault: string; readonly mayRetry: boolean }> {
    const { url, headers, timeoutMs } = this.#options;
    try {
      const res = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#late.signal]),
      });
      await res.arrayBuffer();
      if (res.ok) return 'sent';
      return { fault: `the collector answers ${res.status}`, mayRetry: retryable.has(res.status) };
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      return { fault: cause instanceof Error ? cause.message : String(cause), mayRetry: true };
    }
  }

  /** False: there is no time left. */
  async #wait(ms: number): Promise<boolean> {
    try {
      await delay(ms, undefined, { signal: this.#stopped.signal });
      return true;
    } catch {
      return false;
    }
  }
}
