import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import type { WheelTimer } from './timer-wheel.js';
import { TimerWheel } from './timer-wheel.js';

afterEach(() => void vi.useRealTimers());

function wheelWithClock(): { wheel: TimerWheel; goTo: (ms: number) => void } {
  vi.useFakeTimers(); // the wheel's own interval must not turn it
  let now = 1000;
  const wheel = new TimerWheel(() => now);
  const goTo = (ms: number): void => {
    now = 1000 + ms;
    wheel.turn();
  };
  return { wheel, goTo };
}

test('a timer fires once, not before its time and within a step after it', () => {
  const { wheel, goTo } = wheelWithClock();
  let fired = 0;
  wheel.timer(() => (fired += 1)).set(250);
  goTo(249);
  expect(fired).toBe(0);
  goTo(350);
  goTo(900);
  expect(fired).toBe(1);
});

test('a timer can be moved both ways, be cleared and set again', () => {
  const { wheel, goTo } = wheelWithClock();
  const fired: string[] = [];
  const timer = (name: string): WheelTimer => wheel.timer(() => fired.push(name));
  const [later, sooner, cleared, again] = [timer('later'), timer('sooner'), timer('cleared'), timer('again')];
  later.set(100);
  later.set(700);
  sooner.set(90_000);
  sooner.set(300);
  cleared.set(300);
  cleared.clear();
  again.set(200);
  again.clear();
  again.set(500);
  goTo(400);
  expect(fired).toEqual(['sooner']);
  goTo(600);
  goTo(800);
  expect(fired).toEqual(['sooner', 'again', 'later']);
});

test('a deadline further away than a turn of the wheel, and a pause longer than one, change nothing', () => {
  const { wheel, goTo } = wheelWithClock();
  const fired: string[] = [];
  wheel.timer(() => fired.push('far')).set(630_000);
  wheel.timer(() => fired.push('near')).set(50);
  goTo(629_000);
  expect(fired).toEqual(['near']);
  goTo(630_100);
  expect(fired).toEqual(['near', 'far']);
});

test('what fires may set, move and clear other timers of its own slot', () => {
  const { wheel, goTo } = wheelWithClock();
  const fired: string[] = [];
  const timers: WheelTimer[] = ['a', 'b', 'c', 'd'].map((name) =>
    wheel.timer(() => {
      fired.push(name);
      if (fired.length > 1) return;
      for (const timer of timers) timer.clear();
      timers[0]?.set(500);
      timers[3]?.set(10);
    }),
  );
  for (const timer of timers) timer.set(100);
  goTo(200);
  goTo(400);
  goTo(1000);
  expect(fired.slice(1)).toEqual(['d', 'a']);
});

test('any course of setting, moving and clearing fires what is due, and nothing else', () => {
  const action = fc.record({ timer: fc.nat(4), ms: fc.integer({ min: -1, max: 120_000 }), pause: fc.nat(3000) });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const { wheel, goTo } = wheelWithClock();
      const deadlines = new Map<number, number>();
      let at = 0;
      const timers = Array.from({ length: 5 }, (_, index) =>
        wheel.timer(() => {
          expect(deadlines.get(index) ?? Infinity).toBeLessThanOrEqual(at);
          deadlines.delete(index);
        }),
      );
      for (const { timer, ms, pause } of actions) {
        if (ms === -1) timers[timer]?.clear();
        else timers[timer]?.set(ms);
        if (ms === -1) deadlines.delete(timer);
        else deadlines.set(timer, at + ms);
        at += pause;
        goTo(at);
        for (const deadline of deadlines.values()) expect(deadline).toBeGreaterThan(at - 100);
      }
    }),
  );
});

test('the wheel turns by itself, only while something is on it, and keeps no process alive', () => {
  vi.useFakeTimers();
  const wheel = new TimerWheel(() => Date.now());
  let fired = 0;
  wheel.timer(() => (fired += 1)).set(1000);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1200);
  expect([fired, vi.getTimerCount()]).toEqual([1, 0]);
});
