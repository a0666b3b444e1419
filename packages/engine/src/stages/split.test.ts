import { describe, expect, test } from 'vitest';
import type { Compiled } from '../compiled.js';
import type { Facts } from '../decision.js';
import { ask, compileSketch, forwarded } from '../testing/try-routes.js';
import type { TriedRequest } from '../testing/try-engine.js';

const splitBy = (
  sticky: string,
  weights: Readonly<Record<string, number>> = { canary: 5000, stable: 5000 },
): Compiled =>
  compileSketch({
    a: {
      routes: [
        {
          name: 'r',
          match: { path: { prefix: '/' } },
          split: {
            sticky,
            arms: Object.entries(weights).map(([name, weight]) => ({
              name,
              upstream: name === 'canary' ? 'two' : 'one',
              weight,
            })),
          },
        },
      ],
    },
  });

describe('a client stays with its arm', () => {
  const armsOf = (
    compiled: Compiled,
    request: (index: number) => TriedRequest,
    seed = (index: number) => index,
  ): string[] =>
    Array.from({ length: 40 }, (_, index) => forwarded(ask(compiled, request(index), {}, seed(index))).account.arm);

  test('by the value of a header, wherever it comes from', () => {
    const compiled = splitBy('header:x-user');
    const same = armsOf(compiled, (index) => ({ headers: { 'x-user': 'ann' }, clientAddress: `192.0.2.${index}` }));
    expect(new Set(same).size).toBe(1);
    expect(new Set(armsOf(compiled, (index) => ({ headers: { 'x-user': `u${index}` } }))).size).toBe(2);
    expect(forwarded(ask(compiled, { headers: { 'x-user': 'ann' } })).account.armReason).toBe('arm_by_header');
  });

  test('by the address where the header, or the application, is missing', () => {
    for (const sticky of ['header:x-user', 'application'])
      expect(forwarded(ask(splitBy(sticky), { headers: { 'x-user': '' } })).account.armReason).toBe('arm_by_ip');
  });

  test('by a cookie that the gateway sets once, drawn from the seed, and honours when it comes back', () => {
    const compiled = splitBy('cookie');
    const first = forwarded(ask(compiled, {}, {}, 0xbeef));
    const [, cookie = ''] = first.response.add.find(([name]) => name === 'set-cookie') ?? [];
    expect(cookie).toMatch(/^sluice_arm_[0-9a-f]{8}=0000beef; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/);
    expect(first.account.armReason).toBe('arm_by_cookie');
    const [brought = ''] = cookie.split(';');
    const later = armsOf(compiled, () => ({ headers: { cookie: `other=1; ${brought}` } }));
    expect(new Set(later)).toEqual(new Set([first.account.arm]));
    const back = forwarded(ask(compiled, { headers: { cookie: brought } }, {}, 5));
    expect(back.response.add).toEqual([]);
  });

  test('a cookie that the gateway never wrote is replaced', () => {
    const compiled = splitBy('cookie');
    const name = forwarded(ask(compiled, {})).response.add[0]?.[1].split('=')[0] ?? '';
    const decision = forwarded(ask(compiled, { protocol: 'https', headers: { cookie: `${name}=stable` } }, {}, 7));
    expect(decision.response.add[0]?.[1]).toContain(`${name}=00000007; `);
    expect(decision.response.add[0]?.[1]).toContain('; Secure');
  });
});

describe('a signed demand', () => {
  const compiled = splitBy('ip', { canary: 0, stable: 10_000 });
  const facts: Partial<Facts> = {
    signedArm: (value, route) =>
      value === 'signed' && route === 'a/r' ? 'canary' : value === 'gone' ? 'gone' : undefined,
  };

  test('picks the arm, whatever its weight, and says so', () => {
    const decision = forwarded(ask(compiled, { headers: { 'x-sluice-arm': 'signed' } }, facts));
    expect(decision.account).toMatchObject({ arm: 'canary', upstream: 'two', armReason: 'arm_forced' });
    expect(decision.reasons).toContainEqual({ code: 'arm_forced', arm: 'canary' });
  });

  test('is nothing where it is not believed, or names no arm', () => {
    for (const value of ['forged', 'gone'])
      expect(forwarded(ask(compiled, { headers: { 'x-sluice-arm': value } }, facts)).account.arm).toBe('stable');
  });

  test('never reaches the upstream', () => {
    expect(forwarded(ask(compiled, { headers: { 'x-sluice-arm': 'forged' } }, facts)).request.remove).toContain(
      'x-sluice-arm',
    );
  });
});

describe('an arm without a healthy target', () => {
  const unhealthy = (...upstreams: string[]): Partial<Facts> => ({ isHealthy: (name) => !upstreams.includes(name) });

  test('falls back to stable, and says so', () => {
    const decision = forwarded(ask(splitBy('ip', { canary: 10_000, stable: 0 }), {}, unhealthy('two')));
    expect(decision.account).toMatchObject({ arm: 'stable', upstream: 'one', armReason: 'arm_fallback' });
    expect(decision.reasons).toContainEqual({ code: 'arm_fallback', arm: 'stable', instead: 'canary' });
  });

  test('falls back to the heaviest healthy one where stable is not there or not healthy', () => {
    const weights = { canary: 10_000, green: 0, blue: 0 };
    const compiled = splitBy('ip', weights);
    const live = (weightsNow: Record<string, number>): Partial<Facts> => ({
      ...unhealthy('two'),
      weights: () => ({ version: 2, weights: weightsNow }),
    });
    expect(forwarded(ask(compiled, {}, live({ canary: 9999, green: 1, blue: 0 }))).account.arm).toBe('green');
    const down = splitBy('ip', { canary: 0, stable: 10_000 });
    expect(forwarded(ask(down, {}, unhealthy('one'))).account).toMatchObject({
      arm: 'canary',
      armReason: 'arm_fallback',
    });
  });

  test('is asked all the same where no other is healthy, or there is none', () => {
    expect(forwarded(ask(splitBy('ip'), {}, unhealthy('one', 'two'))).account.armReason).toBe('arm_by_ip');
    expect(forwarded(ask(splitBy('ip', { stable: 10_000 }), {}, unhealthy('one'))).account.armReason).toBe('arm_only');
  });
});
