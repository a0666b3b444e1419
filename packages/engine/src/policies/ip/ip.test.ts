import { expect, test } from 'vitest';
import { ask, codesOf, compiledOf, documentWith, faultsOf, outcomeOf } from '../../testing/try-route.js';

const at = (settings: object, clientAddress: string) =>
  ask(compiledOf(documentWith([{ ip: settings }])), { request: { clientAddress } });

test('only what is allowed comes in, and nothing that is denied', () => {
  const settings = { allow: ['10.0.0.0/8'], deny: ['10.1.0.0/16'] };
  expect(outcomeOf(at(settings, '10.2.0.1'))).toBe('forward');
  expect(outcomeOf(at(settings, '::ffff:10.2.0.1'))).toBe('forward');
  expect(outcomeOf(at(settings, '10.1.0.1'))).toBe('ip_denied');
  expect(outcomeOf(at(settings, '11.0.0.1'))).toBe('ip_denied');
  expect(outcomeOf(at({ deny: ['10.0.0.0/8'] }, '11.0.0.1'))).toBe('forward');
});

test('an address that cannot be read is let in by no list', () => {
  for (const settings of [{ allow: ['0.0.0.0/0', '::/0'] }, { deny: ['10.0.0.1'] }]) {
    const decision = at(settings, 'unix:');
    expect([outcomeOf(decision), codesOf(decision).at(-1)]).toEqual(['ip_denied', 'ip_unreadable']);
  }
});

test('it is refused before identity and before limits', () => {
  const compiled = compiledOf(
    documentWith([
      { 'api-key': {} },
      { 'rate-limit': { limits: [{ window: '1/minute', scope: 'ip' }] } },
      { ip: { deny: ['192.0.2.1'] } },
    ]),
  );
  expect(ask(compiled)).toMatchObject({ code: 'ip_denied', spend: [], account: { limits: [] } });
});

test('a list of 10,000 networks is taken, and one more is not', () => {
  const allow = Array.from({ length: 10_000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/25`);
  expect(outcomeOf(at({ allow }, '10.39.15.127'))).toBe('forward');
  expect(outcomeOf(at({ allow }, '10.39.15.128'))).toBe('ip_denied');
  expect(faultsOf([{ ip: { allow: [...allow, '1.1.1.1'] } }])).toMatchObject([{ at: '/0/ip/allow' }]);
});

test.each([
  ['a list that is no list', { allow: '10.0.0.0/8' }, '/0/ip/allow'],
  ['no list', {}, '/0/ip'],
  ['a list of nothing', { deny: [] }, '/0/ip/deny'],
  ['no address', { allow: ['10.0.0.0/8', 'localhost'] }, '/0/ip/allow/1'],
  ['an address inside of a network', { deny: ['10.0.0.1/8'] }, '/0/ip/deny/0'],
  ['everybody denied', { deny: ['0.0.0.0/1', '128.0.0.0/1', '::/0'] }, '/0/ip/deny'],
  ['nobody allowed', { allow: ['10.1.0.0/16'], deny: ['10.0.0.0/8'] }, '/0/ip/allow'],
])('%s is refused, with its place and a remedy', (_, settings, place) => {
  const faults = faultsOf([{ ip: settings }]);
  expect(faults.map((fault) => fault.at)).toEqual([place]);
  expect(faults[0]?.fix).not.toBe('');
});
