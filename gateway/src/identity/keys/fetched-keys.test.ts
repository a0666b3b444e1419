import { expect, test } from 'vitest';
import { TryClock } from '../try-clock.js';
import type { Fetched } from './fetch-json.js';
import type { KeySet } from './fetch-key-set.js';
import { FetchedKeys } from './fetched-keys.js';
import type { KeysFound } from './fetched-keys.js';
import { VerificationKey } from './verification-key.js';

const minuteMs = 60_000;

/** An issuer whose answers are held back until they are let go. */
function issuer(...kids: (string | undefined)[]): {
  keys: FetchedKeys;
  clock: TryClock;
  set: (...kids: (string | undefined)[]) => void;
  down: () => void;
  hold: () => () => void;
  fetches: () => number;
  changes: () => number;
} {
  const clock = new TryClock();
  let answer: Fetched<KeySet> = setOf(kids);
  let fetches = 0;
  let changes = 0;
  let held: Promise<void> | undefined;
  const keys = new FetchedKeys({
    clock,
    onChange: () => (changes += 1),
    fetch: async () => {
      fetches += 1;
      await held;
      return answer;
    },
  });
  return {
    keys,
    clock,
    set: (...now) => (answer = setOf(now)),
    down: () => (answer = { ok: false, fault: 'unreachable' }),
    hold: () => {
      let letGo = (): void => undefined;
      held = new Promise((resolve) => (letGo = resolve));
      return () => {
        held = undefined;
        letGo();
      };
    },
    fetches: () => fetches,
    changes: () => changes,
  };
}

function setOf(kids: readonly (string | undefined)[]): Fetched<KeySet> {
  const keys = kids.map((kid) => VerificationKey.ofJwk({ kty: 'OKP', crv: 'Ed25519', x: 'x' }, kid, false));
  return {
    ok: true,
    value: { keys: keys.filter((key) => key !== undefined), fingerprint: kids.join() },
    maxAgeMs: undefined,
  };
}

const kidsOf = (found: KeysFound): unknown =>
  found.state === 'found' ? found.keys.map(({ kid }) => kid) : found.state;
const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('any number that ask at once are one fetch', async () => {
  const { keys, fetches } = issuer('a');
  const found = await Promise.all(Array.from({ length: 50 }, async () => keys.find('a')));
  expect(found.map(kidsOf)).toEqual(Array.from({ length: 50 }, () => ['a']));
  expect(fetches()).toBe(1);
});

test('a new kid is fetched for by the first that brings it, and accepted', async () => {
  const { keys, set, fetches, changes } = issuer('a');
  await keys.find('a');
  set('a', 'b');
  expect(await Promise.all([keys.find('b'), keys.find('b')]).then((all) => all.map(kidsOf))).toEqual([['b'], ['b']]);
  expect([fetches(), changes()]).toEqual([2, 1]);
});

test('a new kid is found though a fetch was under way that was answered before', async () => {
  const clock = new TryClock();
  const answers: ((answer: Fetched<KeySet>) => void)[] = [];
  const fetch = async (): Promise<Fetched<KeySet>> => new Promise((resolve) => answers.push(resolve));
  const keys = new FetchedKeys({ clock, onChange: () => undefined, fetch });
  const first = keys.find('a');
  answers.shift()?.(setOf(['a']));
  await first;
  clock.pass(5 * minuteMs);
  await keys.find('a');
  const found = Promise.all([keys.find('b'), keys.find('b')]);
  answers.shift()?.(setOf(['a']));
  await turn();
  expect(answers).toHaveLength(1);
  answers.shift()?.(setOf(['a', 'b']));
  expect((await found).map(kidsOf)).toEqual([['b'], ['b']]);
});

test('invented kids make one fetch, then none until the pause is over', async () => {
  const { keys, clock, set, fetches } = issuer('a');
  await keys.find('a');
  for (let index = 0; index < 100; index += 1) expect(kidsOf(await keys.find(`invented-${index}`))).toBe('kid_unknown');
  expect(fetches()).toBe(2);
  expect(kidsOf(await keys.find('a'))).toEqual(['a']);
  clock.pass(5000);
  set('a', 'b');
  expect(kidsOf(await keys.find('b'))).toEqual(['b']);
  expect(fetches()).toBe(3);
});

test('keys are fetched again in the background before they are old, and nobody waits', async () => {
  const { keys, clock, set, hold, fetches } = issuer('a');
  await keys.find('a');
  clock.pass(5 * minuteMs);
  set('b');
  const letGo = hold();
  expect(kidsOf(await keys.find('a'))).toEqual(['a']);
  expect(fetches()).toBe(2);
  letGo();
  await turn();
  expect(kidsOf(await keys.find('b'))).toEqual(['b']);
  expect(fetches()).toBe(2);
});

test('after a long silence a key that was taken away does not open once more', async () => {
  const { keys, clock, set } = issuer('a');
  await keys.find('a');
  clock.pass(60 * minuteMs);
  set('b');
  expect(kidsOf(await keys.find('a'))).toBe('kid_unknown');
});

test('while the issuer is down known keys go on for a day, and a new kid is refused', async () => {
  const { keys, clock, down, fetches } = issuer('a');
  await keys.find('a');
  down();
  for (let minute = 0; minute < 23 * 60; minute += 1) {
    clock.pass(minuteMs);
    expect(kidsOf(await keys.find('a'))).toEqual(['a']);
  }
  expect(fetches()).toBeGreaterThan(100);
  expect(kidsOf(await keys.find('b'))).toBe('kid_unknown');
  clock.pass(2 * 60 * minuteMs);
  expect(kidsOf(await keys.find('a'))).toBe('unavailable');
});

test('while the issuer fails nobody who has keys waits for it', async () => {
  const { keys, clock, down, set, hold, fetches } = issuer('a');
  await keys.find('a');
  down();
  clock.pass(30 * minuteMs);
  await keys.find('a');
  expect(fetches()).toBe(2);
  clock.pass(2 * minuteMs);
  set('b');
  const letGo = hold();
  expect(kidsOf(await keys.find('a'))).toEqual(['a']);
  letGo();
  await turn();
  expect(kidsOf(await keys.find('b'))).toEqual(['b']);
});

test('without any keys a failing issuer is asked again only after a pause', async () => {
  const { keys, clock, down, set, fetches } = issuer('a');
  down();
  for (let index = 0; index < 20; index += 1) expect(kidsOf(await keys.find('a'))).toBe('unavailable');
  expect(fetches()).toBe(1);
  set('a');
  clock.pass(1000);
  expect(kidsOf(await keys.find('a'))).toEqual(['a']);
});

test('keys without a kid may have signed anything that is not signed by a named one', async () => {
  const { keys } = issuer(undefined, 'a');
  expect(kidsOf(await keys.find('a'))).toEqual(['a']);
  expect(kidsOf(await keys.find('b'))).toEqual([undefined]);
  expect(kidsOf(await keys.find(undefined))).toEqual([undefined, 'a']);
});

test('a signature that fits no nameless key asks the issuer again, once a minute', async () => {
  const { keys, clock, fetches } = issuer(undefined);
  await keys.find(undefined);
  clock.pass(10_000);
  await Promise.all([keys.recheck(), keys.recheck()]);
  await keys.recheck();
  expect(fetches()).toBe(2);
  clock.pass(minuteMs);
  await keys.recheck();
  expect(fetches()).toBe(3);
});
