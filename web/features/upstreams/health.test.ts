import type { TargetHealth } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { targetRow, upstreamState } from './health';

type State = TargetHealth['gateways'][number]['state'];
const target = (...states: State[]): TargetHealth => ({
  url: 'http://users.test',
  address: null,
  gateways: states.map((state, index) => ({
    gatewayId: `gw-${index}`,
    state,
    since: `2026-01-0${index + 1}T00:00:00.000Z`,
    cause: state === 'healthy' || state === 'unknown' ? '' : `cause ${index}`,
  })),
});

test('a target is as the worst gateway sees it, with how many see it so, since when and why', () => {
  expect(targetRow(target('healthy', 'healthy'))).toMatchObject({ tone: 'ok', word: 'healthy', cause: '' });
  expect(targetRow(target('healthy', 'ejected'))).toMatchObject({
    tone: 'warn',
    word: 'ejected at 1 of 2 gateways',
    since: '2026-01-02T00:00:00.000Z',
    cause: 'cause 1',
  });
  expect(targetRow(target('unhealthy', 'ejected'))).toMatchObject({ tone: 'bad', word: 'ejected, unhealthy' });
});

test('an upstream says how many of its targets are well, and nothing while nobody has told of it', () => {
  const of = (...targets: TargetHealth[]) => upstreamState({ name: 'users', targets });
  expect(of(target('healthy'), target('healthy'))).toEqual({ tone: 'ok', word: 'healthy' });
  expect(of(target('healthy'), target('ejected'))).toEqual({ tone: 'warn', word: '1 of 2 healthy' });
  expect(of(target('ejected'), target('unhealthy'))).toEqual({ tone: 'bad', word: '0 of 2 healthy' });
  expect(of(target('healthy', 'ejected'))).toEqual({ tone: 'warn', word: '0 of 1 healthy' });
  expect([of(), upstreamState(undefined)]).toEqual([undefined, undefined]);
});

test('what no gateway has learned yet is said to be so, and counts neither as well nor as sick', () => {
  expect(targetRow(target('unknown', 'unknown'))).toMatchObject({ tone: 'neutral', word: 'not known yet' });
  expect(targetRow(target('unknown', 'healthy'))).toMatchObject({
    tone: 'ok',
    word: 'healthy',
    since: '2026-01-02T00:00:00.000Z',
  });
  expect(targetRow(target('unknown', 'ejected'))).toMatchObject({ tone: 'warn', word: 'ejected at 1 of 2 gateways' });
  const of = (...targets: TargetHealth[]) => upstreamState({ name: 'users', targets });
  expect(of(target('unknown'), target('unknown'))).toEqual({ tone: 'neutral', word: 'not known yet' });
  expect(of(target('unknown'), target('healthy'))).toEqual({ tone: 'neutral', word: '1 of 2 healthy' });
  expect(of(target('unknown'), target('ejected'))).toEqual({ tone: 'warn', word: '0 of 2 healthy' });
});
