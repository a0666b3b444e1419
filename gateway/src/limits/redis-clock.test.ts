import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from './clock.js';
import { driftShare, RedisClock } from './redis-clock.js';

const epochMs = Date.UTC(2026, 10, 23, 12);

/** A gateway whose clock gains or loses against Redis's, and that knows nothing yet. */
const tried = (drift = 0, wallOffsetMs = 0) => {
  let trueMs = 0;
  let redisOffsetMs = 0;
  const nowMs = (): number => 5000 + trueMs * (1 + drift);
  const clock = new RedisClock({ ...systemClock, nowMs, wallMs: () => Math.floor(epochMs + trueMs + wallOffsetMs) });
  return {
    clock,
    nowMs,
    redisMs: () => epochMs + trueMs + redisOffsetMs,
    pass: (ms: number) => void (trueMs += ms),
    stepRedis: (ms: number) => void (redisOffsetMs += ms),
    /** An answer of which both ways took so long. */
    ask(thereMs: number, backMs: number) {
      const sentMs = nowMs();
      trueMs += thereMs;
      const redisMs = Math.floor(this.redisMs());
      trueMs += backMs;
      clock.heard(redisMs, sentMs);
    },
    /** How far the bounds are apart, and whether Redis's clock is between them. */
    look() {
      const { earliestMs, latestMs } = clock.bounds();
      return { isRight: earliestMs <= this.redisMs() && this.redisMs() <= latestMs, widthMs: latestMs - earliestMs };
    },
  };
};

test('the bounds hold the time of Redis, however long answers take and however clocks drift', () => {
  const event = fc.record({
    passMs: fc.double({ min: 0, max: 100_000, noNaN: true }),
    thereMs: fc.double({ min: 0, max: 3000, noNaN: true }),
    backMs: fc.double({ min: 0, max: 3000, noNaN: true }),
  });
  const drifts = fc.double({ min: -0.99 * driftShare, max: 0.99 * driftShare, noNaN: true });
  fc.assert(
    fc.property(drifts, fc.array(event, { maxLength: 20 }), (drift, events) => {
      const one = tried(drift, 100);
      for (const { passMs, thereMs, backMs } of events) {
        one.pass(passMs);
        expect(one.look().isRight).toBe(true);
        one.ask(thereMs, backMs);
        expect(one.look().isRight).toBe(true);
      }
    }),
  );
});

test('a slow answer takes nothing from what a quick one has told', () => {
  const one = tried();
  one.ask(0.5, 0.5);
  expect(one.look().widthMs).toBeLessThan(2.1);
  one.ask(20, 700);
  one.ask(900, 5);
  expect(one.look()).toEqual({ isRight: true, widthMs: expect.closeTo(2 + 2 * driftShare * 1625, 0) });
});

test('a clock that was stepped is believed with the first answer', () => {
  const one = tried();
  one.ask(1, 1);
  for (const stepMs of [-60_000, 120_000]) {
    one.stepRedis(stepMs);
    expect(one.look().isRight).toBe(false);
    one.ask(1, 1);
    expect(one.look().isRight).toBe(true);
  }
});

test('while the machine was suspended, Redis may have gone on', () => {
  const one = tried();
  one.ask(1, 1);
  one.clock.distrust(-60_000);
  expect(one.look().widthMs).toBeLessThan(4);
  one.stepRedis(30_000);
  one.clock.distrust(30_000);
  expect(one.look().isRight).toBe(true);
  // No width that is asked for cuts it away.
  expect(one.clock.bounds(1).latestMs).toBeGreaterThan(one.redisMs() - 3);
  one.ask(1, 1);
  expect(one.look().widthMs).toBeLessThan(4);
});

test('where bounds must not be wider, their middle is taken', () => {
  const one = tried();
  one.ask(100, 100);
  const wide = one.clock.bounds();
  const middleMs = (wide.earliestMs + wide.latestMs) / 2;
  expect(one.clock.bounds(50)).toEqual({ earliestMs: middleMs - 25, latestMs: middleMs + 25 });
  expect(one.clock.bounds(1000)).toEqual(wide);
});
