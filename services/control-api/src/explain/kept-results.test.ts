import { compile } from '@sluice/engine';
import { expect, test } from 'vitest';
import { KeptResults } from './kept-results.js';

const document = { sluice: 1 as const, upstreams: {}, apis: {}, plans: {} };
const result = (revisionId: string) =>
  compile({
    tenantId: 'ten_1',
    tenantSlug: 'acme',
    environmentId: 'env_1',
    environmentName: 'production',
    hosts: [],
    portalOrigins: [],
    revision: 1,
    revisionId,
    hash: '',
    document,
  });

test('a revision is compiled once, until sixteen others were asked about since', async () => {
  const kept = new KeptResults();
  const compiled: string[] = [];
  const of = async (id: string): Promise<string> => {
    const { compiled: made } = await kept.of(id, async () => {
      compiled.push(id);
      return result(id);
    });
    return made.revisionId;
  };
  expect([await of('a'), await of('b'), await of('a')]).toEqual(['a', 'b', 'a']);
  expect(compiled).toEqual(['a', 'b']);
  for (let index = 0; index < 15; index += 1) await of(`other-${index}`);
  compiled.length = 0;
  // `b` was asked about before `a` was again.
  await of('a');
  await of('b');
  expect(compiled).toEqual(['b']);
});

test('whoever asks while it is being compiled waits for that', async () => {
  const kept = new KeptResults();
  let compiled = 0;
  const make = async () => {
    compiled += 1;
    await Promise.resolve();
    return result('a');
  };
  const both = await Promise.all([kept.of('a', make), kept.of('a', make)]);
  expect([compiled, both[0] === both[1]]).toEqual([1, true]);
});

test('what could not be compiled is asked for again', async () => {
  const kept = new KeptResults();
  const failing = () => kept.of('a', () => Promise.reject(new Error('the database is away')));
  await Promise.all([failing(), failing()].map(async (asked) => expect(asked).rejects.toThrow('away')));
  expect((await kept.of('a', () => Promise.resolve(result('a')))).compiled.revisionId).toBe('a');
});
