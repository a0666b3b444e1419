// What a gateway knows of Redis's clock without asking: not a time, but two bounds that hold the time for sure. An answer
// says what the clock showed at some moment between the question's first sending and now. A quick answer says that
// better than a slow one, and one that was lost and is repeated speaks of long ago. So each answer narrows what the ones
// before have left open, which is little more than the quickest round trip of late.
//
// Counts on the clocks drifting apart by 500 ppm at most. An answer that cannot be true by what was known means that
// Redis's clock was stepped, or that another Redis serves: then that answer alone is believed.
import type { Clock } from './clock.js';

/** How far clocks may drift apart: what NTP may slew. */
export const driftShare = 500e-6;
/** Before the first answer the machine's own clock is taken to be no further from Redis's than this. */
const unheardMs = 125;

export interface TimeBounds {
  readonly earliestMs: number;
  readonly latestMs: number;
}

interface Known {
  /** On the monotonic clock: when it was known, and how far Redis's clock was ahead of it then, at least and at most. */
  readonly atMs: number;
  readonly leastAheadMs: number;
  readonly mostAheadMs: number;
  /** What Redis's clock may have gone on beyond that while this machine was suspended, if it was. */
  readonly suspectedMs: number;
}

export class RedisClock {
  #known: Known | undefined;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An answer: Redis read its clock, in whole milliseconds, after the question was first sent. */
  heard(redisMs: number, sentMs: number): void {
    const nowMs = this.#clock.nowMs();
    const least = redisMs - nowMs;
    const most = redisMs + 1 - sentMs + (nowMs - sentMs) * driftShare;
    const before = this.#known === undefined ? undefined : drifted(this.#known, nowMs);
    const alone = { atMs: nowMs, leastAheadMs: least, mostAheadMs: most, suspectedMs: 0 };
    const both = before && {
      ...alone,
      leastAheadMs: Math.max(least, before.leastAheadMs),
      mostAheadMs: Math.min(most, before.mostAheadMs + before.suspectedMs),
    };
    this.#known = both !== undefined && both.leastAheadMs <= both.mostAheadMs ? both : alone;
  }

  /**
   * Redis's clock now. `widestMs`: where drift has left more than this open, its middle is taken to be true; what rests on
   * that holds only as long as the clocks kept better time than they may.
   */
  bounds(widestMs = Infinity): TimeBounds {
    const { earliestMs, latestMs } = this.#bounds();
    const cutMs = Math.max(0, (latestMs - earliestMs - widestMs) / 2);
    return { earliestMs: earliestMs + cutMs, latestMs: latestMs - cutMs + (this.#known?.suspectedMs ?? 0) };
  }

  /** The machine's clock went this far ahead of the monotonic one, which stands still while the machine is suspended. */
  distrust(aheadMs: number): void {
    if (this.#known === undefined || aheadMs <= 0) return;
    this.#known = { ...this.#known, suspectedMs: this.#known.suspectedMs + aheadMs };
  }

  #bounds(): TimeBounds {
    if (this.#known === undefined) {
      const wallMs = this.#clock.wallMs();
      return { earliestMs: wallMs - unheardMs, latestMs: wallMs + unheardMs };
    }
    const nowMs = this.#clock.nowMs();
    const { leastAheadMs, mostAheadMs } = drifted(this.#known, nowMs);
    return { earliestMs: nowMs + leastAheadMs, latestMs: nowMs + mostAheadMs };
  }
}

const drifted = (known: Known, nowMs: number): Known => {
  const driftMs = (nowMs - known.atMs) * driftShare;
  const { leastAheadMs, mostAheadMs } = known;
  return { ...known, atMs: nowMs, leastAheadMs: leastAheadMs - driftMs, mostAheadMs: mostAheadMs + driftMs };
};
