import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Admittee, MemoryPressure } from './admission.js';
import { Admission } from './admission.js';

class Entry {
  nowMs = 0;
  isBusy = false;
  isCrowded = false;
  memory: MemoryPressure = 'none';
  shedCount = 0;
  readonly log: string[] = [];
  readonly admission: Admission;
  /** What one admitted request takes of the thread. */
  costMs = 0.1;
  #turns: (() => void)[] = [];

  constructor() {
    this.admission = new Admission({
      nowMs: () => this.nowMs,
      random: () => 0.5,
      nextTurn: (run) => this.#turns.push(run),
      isBusy: () => this.isBusy,
      isCrowded: () => this.isCrowded,
      memory: () => this.memory,
      onShed: () => (this.shedCount += 1),
      onDeferred: () => undefined,
    });
  }

  ask(tenant: string, more: { isGone?: boolean } = {}): void {
    const admittee: Admittee = {
      isGone: more.isGone ?? false,
      admitted: () => {
        this.nowMs += this.costMs;
        this.log.push(`${tenant} in`);
        this.admission.end(tenant);
      },
      shed: (retryAfterS) => {
        this.log.push(`${tenant} shed ${retryAfterS}`);
        this.admission.end(tenant);
      },
    };
    this.admission.begin(tenant, admittee);
  }

  turn(): void {
    for (const run of this.#turns.splice(0)) run();
  }

  untilEmpty(): void {
    while (this.#turns.length > 0) this.turn();
  }

  /** 100 ms in which each tenant asks so often; what was answered is told by tenant. */
  window(asks: Readonly<Record<string, number>>, isOverloaded = false, isLate = isOverloaded): Map<string, number> {
    this.log.length = 0;
    for (const [tenant, count] of Object.entries(asks)) for (let at = 0; at < count; at += 1) this.ask(tenant);
    this.untilEmpty();
    this.admission.onWindow(isOverloaded, isLate);
    const admitted = new Map(Object.keys(asks).map((tenant) => [tenant, 0]));
    for (const line of this.log) {
      const [tenant = '', what] = line.split(' ');
      if (what === 'in') admitted.set(tenant, (admitted.get(tenant) ?? 0) + 1);
    }
    return admitted;
  }
}

test('on a quiet thread every request begins at once, whoever asks how often', () => {
  const entry = new Entry();
  for (let round = 0; round < 50; round += 1) entry.window({ large: 500, small: 1 });
  for (let index = 0; index < 100; index += 1) entry.ask('large');
  expect(entry.log.slice(-100)).toEqual(Array.from({ length: 100 }, () => 'large in'));
  expect(entry.admission.waiting).toBe(0);
});

test('on a busy thread a flood waits, a quarter of a millisecond of it a turn, and another tenant passes it', () => {
  const entry = new Entry();
  entry.isBusy = true;
  entry.window({ flood: 100, small: 5 });
  entry.log.length = 0;
  for (let index = 0; index < 50; index += 1) entry.ask('flood');
  entry.ask('small');
  expect(entry.log).toEqual(['small in']);
  entry.turn();
  expect(entry.log.filter((line) => line === 'flood in').length).toBeLessThanOrEqual(3);
  entry.ask('small');
  expect(entry.log.at(-1)).toBe('small in');
  entry.untilEmpty();
  expect(entry.log.filter((line) => line === 'flood in').length).toBe(50);
});

test('two floods take turns, and two tenants of one size are both light', () => {
  const entry = new Entry();
  entry.isBusy = true;
  entry.window({ one: 100, two: 100, small: 1 });
  entry.log.length = 0;
  for (let index = 0; index < 6; index += 1) entry.ask('one');
  for (let index = 0; index < 6; index += 1) entry.ask('two');
  entry.untilEmpty();
  expect(entry.log.map((line) => line.slice(0, 3))).toEqual(Array.from({ length: 6 }, () => ['one', 'two']).flat());

  const equals = new Entry();
  equals.isBusy = true;
  equals.window({ one: 100, two: 110 });
  equals.ask('one');
  equals.ask('two');
  expect(equals.admission.waiting).toBe(0);
});

test('overload lowers the cap from the top: the largest is shed, who stays below it never', () => {
  const entry = new Entry();
  let large = 0;
  for (let round = 0; round < 12; round += 1) {
    const admitted = entry.window({ large: 400, middle: 40, small: 5 }, true);
    large = admitted.get('large') ?? 0;
    expect(admitted.get('small')).toBe(5);
  }
  expect(large).toBeLessThan(60);
  expect(entry.shedCount).toBeGreaterThan(1000);
  expect(entry.log).toContain('large shed 2');
  // However long it lasts, everybody keeps a little.
  for (let round = 0; round < 100; round += 1) entry.window({ large: 400, small: 5 }, true);
  expect(entry.window({ large: 400 }, true).get('large')).toBe(10);
});

test('the cap goes up when the delay is gone, and is no more when nobody feels it', () => {
  const entry = new Entry();
  for (let round = 0; round < 10; round += 1) entry.window({ large: 400, small: 5 }, true);
  const low = entry.admission.cap;
  for (let round = 0; round < 5; round += 1) entry.window({ large: 400, small: 5 });
  expect(entry.admission.cap).toBeGreaterThan(low);
  // One late window is enough to lower it again.
  const risen = entry.admission.cap;
  entry.window({ large: 400, small: 5 }, false, true);
  expect(entry.admission.cap).toBeLessThan(risen);
  for (let round = 0; round < 60; round += 1) entry.window({ large: 400, small: 5 });
  expect(entry.admission.cap).toBe(Infinity);
  expect(entry.window({ large: 400 }).get('large')).toBe(400);
});

test('a late window without a cap sheds nobody', () => {
  const entry = new Entry();
  for (let round = 0; round < 100; round += 1) entry.window({ large: 400 }, false, true);
  expect(entry.shedCount).toBe(0);
});

test('short memory sheds the largest, and at its end all that is new', () => {
  const entry = new Entry();
  entry.memory = 'short';
  for (let round = 0; round < 20; round += 1) entry.window({ large: 400, small: 5 });
  const admitted = entry.window({ large: 400, small: 5 });
  expect([(admitted.get('large') ?? 0) < 20, admitted.get('small')]).toEqual([true, 5]);
  entry.memory = 'out';
  expect([...entry.window({ large: 40, small: 5 }).values()]).toEqual([0, 0]);
});

test('when connections run out, a tenant that holds more than its share of requests open is shed', () => {
  const entry = new Entry();
  const holds: Admittee = { isGone: false, admitted: () => undefined, shed: () => undefined };
  for (let index = 0; index < 100; index += 1) entry.admission.begin('holder', holds);
  for (let index = 0; index < 100; index += 1) entry.ask('quick');
  entry.isCrowded = true;
  entry.window({ quick: 200 });
  expect([...entry.window({ holder: 5, quick: 5 }).entries()]).toEqual([
    ['holder', 0],
    ['quick', 5],
  ]);
});

test('who has gone while waiting costs nothing, and who waits longer than a second is shed', () => {
  const entry = new Entry();
  entry.isBusy = true;
  entry.window({ flood: 100, small: 5 });
  entry.log.length = 0;
  entry.ask('flood', { isGone: true });
  entry.untilEmpty();
  expect(entry.log).toEqual([]);
  entry.ask('flood');
  entry.nowMs += 1001;
  entry.untilEmpty();
  expect(entry.log).toEqual(['flood shed 2']);
});

test('every request is admitted or shed, once, whatever the pressure', () => {
  const pressure = fc.record({
    isBusy: fc.boolean(),
    isCrowded: fc.boolean(),
    isOverloaded: fc.boolean(),
    memory: fc.constantFrom<MemoryPressure>('none', 'none', 'short', 'out'),
    asks: fc.dictionary(fc.constantFrom('a', 'b', 'c', ''), fc.nat(60)),
  });
  fc.assert(
    fc.property(fc.array(pressure, { maxLength: 30 }), (windows) => {
      const entry = new Entry();
      for (const { asks, isOverloaded, ...state } of windows) {
        Object.assign(entry, state);
        entry.window(asks, isOverloaded);
        expect(entry.log.length).toBe(Object.values(asks).reduce((sum, count) => sum + count, 0));
        expect(entry.admission.waiting).toBe(0);
      }
    }),
  );
});
