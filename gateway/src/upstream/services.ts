// Questions to services that tenants name (who may pass, which keys an issuer has): a GET whose answer is small and read at
// once. They go over connections as upstreams have them: where the gateway's rule allows, each owner's and origin's apart.
// No redirect is followed, time and size are bounded, and what goes wrong is a value.
import type { UpstreamSpec } from '@sluice/contracts';
import { upstreamDefaults } from '@sluice/contracts';
import type { IsAllowed, Resolve } from './allowed-address.js';
import { TargetSets } from './target-sets.js';
import type { UpstreamFailure, Upstreams } from './upstream.js';
import { createUpstreams } from './upstreams.js';

export type ServiceFault = 'forbidden_address' | 'timeout' | 'unreachable';

export interface ServiceAnswer {
  readonly ok: true;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** No more of it than was asked for. */
  readonly body: Buffer;
  /** The body was no longer than that, and was asked for. */
  readonly isWhole: boolean;
}

export interface ServiceQuestion {
  /** No other's questions use its connections. */
  readonly owner: string;
  readonly url: URL;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** From now to the last byte that is read. */
  readonly timeoutMs: number;
  /** Of the body. */
  readonly mostBytes: number;
  /** Whether the body of such an answer is asked for. */
  readonly isRead: (status: number) => boolean;
}

export interface ServicesOptions {
  /** At once, of one owner to one origin. */
  readonly connections: number;
  /** How long one that nobody uses is kept. */
  readonly keepAliveMs: number;
  readonly resolve?: Resolve | undefined;
}

// What was known of a service that nobody has asked for so long is forgotten.
const forgottenAfterMs = 300_000;

export class Services {
  readonly #sets = new TargetSets();
  readonly #upstreams: Upstreams;
  readonly #options: ServicesOptions;
  readonly #known = new Map<string, { readonly spec: UpstreamSpec; usedAt: number }>();
  readonly #sweeper = setInterval(() => this.#sweep(), 60_000).unref();

  constructor(isAllowed: IsAllowed, options: ServicesOptions) {
    const { resolve } = options;
    this.#options = options;
    this.#upstreams = createUpstreams(isAllowed, { sets: this.#sets, ...(resolve === undefined ? {} : { resolve }) });
  }

  async ask(question: ServiceQuestion): Promise<ServiceAnswer | { readonly ok: false; readonly fault: ServiceFault }> {
    const { owner, url, headers, timeoutMs, mostBytes, isRead } = question;
    const key = `${owner} ${url.origin}`;
    return new Promise((resolve) => {
      let answer: Omit<ServiceAnswer, 'body' | 'isWhole'> | undefined;
      const chunks: Buffer[] = [];
      let length = 0;
      const end = (isWhole: boolean): void => {
        const body = Buffer.concat(chunks).subarray(0, mostBytes);
        resolve(answer === undefined ? { ok: false, fault: 'unreachable' } : { ...answer, body, isWhole });
      };
      const endEarly = (): void => {
        call.abort();
        end(false);
      };
      const call = this.#upstreams.send(
        {
          tenantId: owner,
          environmentId: key,
          name: 'service',
          spec: this.#specOf(key, url.origin),
          method: 'GET',
          path: url.pathname + url.search,
          headers,
          body: null,
          credential: '',
          hashKey: undefined,
          transport: { timeoutMs, totalTimeoutMs: timeoutMs, perTryTimeoutMs: undefined, retries: undefined },
        },
        {
          onHead: (status, raw) => {
            answer = { ok: true, status, headers: pairsOf(raw) };
            if (!isRead(status)) endEarly();
          },
          onData: (chunk) => {
            length += chunk.length;
            chunks.push(Buffer.from(chunk));
            if (length <= mostBytes) return true;
            endEarly();
            return false;
          },
          onEnd: () => end(true),
          onFailure: (failure) => resolve({ ok: false, fault: faultOf(failure) }),
        },
      );
    });
  }

  /** Questions that are open end with their answers. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await this.#upstreams.close();
  }

  #specOf(key: string, origin: string): UpstreamSpec {
    let known = this.#known.get(key);
    if (known === undefined) {
      const { connections, keepAliveMs } = this.#options;
      const spec: UpstreamSpec = {
        targets: [{ url: origin, weight: 1 }],
        timeoutMs: 0, // each question says its own
        limits: { ...upstreamDefaults.limits, connections },
        timeouts: { ...upstreamDefaults.timeouts, keepAliveMs },
      };
      known = { spec, usedAt: 0 };
      this.#known.set(key, known);
    }
    known.usedAt = performance.now();
    return known.spec;
  }

  #sweep(): void {
    const before = performance.now() - forgottenAfterMs;
    for (const [key, { usedAt }] of this.#known) {
      if (usedAt > before) continue;
      this.#known.delete(key);
      this.#sets.place(key, []);
    }
  }
}

function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < raw.length; index += 2)
    pairs.push([(raw[index] ?? '').toLowerCase(), raw[index + 1] ?? '']);
  return pairs;
}

function faultOf(failure: UpstreamFailure): ServiceFault {
  if (failure === 'upstream_forbidden_address') return 'forbidden_address';
  return failure === 'upstream_timeout' ? 'timeout' : 'unreachable';
}
