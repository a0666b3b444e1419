// How much one caller may ask of this process: so many reads and so many changes a minute, saved up for no longer than that
// minute. Who is known is counted by who they are, everybody else by their address. The counts lie in memory: they cost a
// request no round trip and outlive every dependency; n processes allow n times as much, and a restart forgets.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import type { Caller } from '../identity/session.js';
import { clientAddress } from './client-address.js';
import { Refusal } from './refusal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** As it was read; undefined where there was none. */
    bodyBytes?: number;
  }
}

const minuteMs = 60_000;
/** Of a body each further one costs a unit more: reading and judging it takes this process as long as another request. */
const bytesOfUnit = 32 * 1024;
/** Those that came last; whoever is forgotten begins anew. About 100 bytes each. */
const mostCallers = 20_000;

export class RequestBounds {
  private readonly reads: Bound;
  private readonly changes: Bound;

  constructor({ readsPerMinute, changesPerMinute }: Config['api'], now = (): number => performance.now()) {
    this.reads = new Bound('reads', readsPerMinute, now);
    this.changes = new Bound('changes', changesPerMinute, now);
  }

  /**
   * Counts a request, or refuses it; the answer carries what is left either way.
   *
   * @param caller undefined: nobody is known.
   * @param units what it costs without its body.
   */
  take(req: FastifyRequest, reply: FastifyReply, caller: Caller | undefined, units = 1): void {
    const bound = req.method === 'GET' || req.method === 'HEAD' ? this.reads : this.changes;
    if (bound.perMinute === 0) return;
    const name = caller === undefined ? `address ${clientAddress(req)}` : nameOf(caller);
    const { left, wholeInMs, waitMs } = bound.take(name, units + Math.floor((req.bodyBytes ?? 0) / bytesOfUnit));
    void reply.headers({
      'ratelimit-policy': `"${bound.name}";q=${bound.perMinute};w=${minuteMs / 1000}`,
      ratelimit: `"${bound.name}";r=${left};t=${seconds(wholeInMs)}`,
    });
    if (waitMs > 0) throw tooMany(bound, Math.max(1, seconds(waitMs)));
  }
}

interface Taken {
  readonly left: number;
  readonly wholeInMs: number;
  /** 0: it was taken. */
  readonly waitMs: number;
}

/** The generic cell rate algorithm: of each caller only the time is kept at which all of its units are there again. */
class Bound {
  /** In the order of their last requests. */
  private readonly wholeAt = new Map<string, number>();

  constructor(
    readonly name: 'reads' | 'changes',
    readonly perMinute: number,
    private readonly now: () => number,
  ) {}

  /** What costs more than a whole minute has takes the minute. */
  take(caller: string, units: number): Taken {
    const now = this.now();
    const unitMs = minuteMs / this.perMinute;
    const before = Math.max(now, this.wholeAt.get(caller) ?? now);
    const after = before + Math.min(units, this.perMinute) * unitMs;
    const waitMs = Math.max(0, after - now - minuteMs);
    const wholeAt = waitMs > 0 ? before : after;
    this.wholeAt.delete(caller);
    this.wholeAt.set(caller, wholeAt);
    const [longestAgo = caller] = this.wholeAt.keys();
    if (this.wholeAt.size > mostCallers) this.wholeAt.delete(longestAgo);
    return { left: Math.floor((minuteMs - (wholeAt - now)) / unitMs), wholeInMs: wholeAt - now, waitMs };
  }
}

// A second token buys no second bound; and a program that runs wild does not shut its holder out of the console.
function nameOf({ identityId, serviceAccount, token }: Caller): string {
  return token === undefined || serviceAccount !== undefined ? identityId : `tokens of ${identityId}`;
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

function tooMany({ name, perMinute }: Bound, waitS: number): Refusal {
  const [what, which] = name === 'reads' ? ['reads', 'GET'] : ['changes', 'POST, PUT, PATCH and DELETE'];
  return new Refusal(
    'too_many_requests',
    `You have sent more ${what} (${which}) than the ${perMinute} a minute that one caller has. Wait ${waitS} s, then go on more slowly; nothing was done.`,
    undefined,
    { 'retry-after': String(waitS) },
  );
}
