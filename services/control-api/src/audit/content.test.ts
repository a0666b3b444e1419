import { canonicalJson } from '@sluice/contracts';
import { mostToldChanges, type CapturedChange } from '@sluice/prisma';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actorOf } from './actor.js';
import { contentOf, digestOf, objectsOf } from './content.js';

const nobody = actorOf(undefined);
const changesOf = (...changes: CapturedChange[]) => contentOf(nobody, null, { told: changes, rest: [] }).changes;
const plan = {
  id: 'pln_1',
  tenant_id: 'ten_1',
  environment_id: 'env_1',
  name: 'free',
  title: 'Free',
  updated_at: 'then',
};

test('a change is told by the members that differ; a creation and a deletion by all', () => {
  const after = { ...plan, title: 'Gold', updated_at: 'now' };
  const shared = { object: 'plan', id: 'pln_1', name: 'free', environmentId: 'env_1' };
  expect(changesOf({ table: 'plans', before: plan, after })).toEqual([
    { ...shared, change: 'changed', before: { title: 'Free' }, after: { title: 'Gold' } },
  ]);
  const whole = { id: 'pln_1', environmentId: 'env_1', name: 'free', title: 'Free' };
  expect(changesOf({ table: 'plans', before: null, after: plan })).toEqual([
    { ...shared, change: 'created', before: null, after: whole },
  ]);
  expect(changesOf({ table: 'plans', before: plan, after: null })).toEqual([
    { ...shared, change: 'deleted', before: whole, after: null },
  ]);
});

test('that a secret was changed is told, and not from what to what', () => {
  const specOf = (secret: string) => ({ policies: [{ jwt: { issuers: [{ keys: [{ secret }] }] } }] });
  const [change] = changesOf({
    table: 'routes',
    before: { id: 'rt_1', spec: specOf('first secret') },
    after: { id: 'rt_1', spec: specOf('second secret') },
  });
  expect(change).toMatchObject({ before: { spec: specOf('(hidden)') }, after: { spec: specOf('(hidden)') } });
});

test('a header that a policy sets is hidden by its name, whichever it is of those that prove something', () => {
  const told = (header: string): unknown => {
    const spec = { policies: [{ headers: { request: { set: { [header]: 'a value' } } } }] };
    return JSON.stringify(changesOf({ table: 'routes', before: null, after: { id: 'rt_1', spec } }));
  };
  for (const header of [
    'Authorization',
    'x-api-key',
    'X-Amz-Security-Token',
    'cookie',
    'x-shared-secret',
    'x-signature',
  ])
    expect(told(header), header).not.toContain('a value');
  for (const header of ['x-region', 'accept', 'x-forwarded-prefix']) expect(told(header), header).toContain('a value');
});

test('however much one request changed, an entry stays bounded and says what it left out', () => {
  const many = Array.from({ length: mostToldChanges }, (_, index) => ({
    table: 'routes',
    before: { id: `rt_${index}`, spec: 'x'.repeat(100_000) },
    after: null,
  }));
  const rest = [{ table: 'routes', omitted: 7, omittedMade: 0 }];
  const content = contentOf(nobody, null, { told: many, rest });
  expect(content.changes).toHaveLength(mostToldChanges);
  expect(content.omittedChanges).toBe(7);
  expect(content.changes[0]?.before).toMatchObject({ spec: '(100002 bytes)' });
  expect(JSON.stringify(content).length).toBeLessThan(100_000);
});

test('many values that are each short enough are told until they would be too much together', () => {
  const many = Array.from({ length: mostToldChanges }, (_, index) => ({
    table: 'routes',
    before: { id: `rt_${index}`, spec: 'x'.repeat(8000) },
    after: { id: `rt_${index}`, spec: 'y'.repeat(8000) },
  }));
  const content = contentOf(nobody, null, { told: many, rest: [] });
  expect(content.changes).toHaveLength(mostToldChanges);
  expect(content.changes[0]?.after).toEqual({ spec: 'y'.repeat(8000) });
  expect(content.changes.at(-1)?.after).toEqual({ spec: '(8002 bytes)' });
  expect(JSON.stringify(content).length).toBeLessThan(512 * 1024);
});

test('an entry is found by the words and ids of what it changed, each once', () => {
  const told = [
    { table: 'service_accounts', before: null, after: { id: 'svc_1', name: 'robot' } },
    { table: 'plans', before: plan, after: null },
    { table: 'apis', before: { id: 'api_1', environment_id: 'env_1' }, after: null },
  ];
  const content = contentOf(nobody, null, { told, rest: [] });
  expect(objectsOf(content)).toEqual(['service-account', 'svc_1', 'plan', 'pln_1', 'env_1', 'api', 'api_1']);
});

test('a digest is the same after any way through JSON, whatever the order of members', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const reversed = (one: unknown): unknown => {
        if (Array.isArray(one)) return one.map(reversed);
        if (typeof one !== 'object' || one === null) return one;
        return Object.fromEntries(
          Object.entries(one)
            .toReversed()
            .map(([name, own]) => [name, reversed(own)]),
        );
      };
      expect(digestOf(reversed(JSON.parse(canonicalJson(value))))).toBe(digestOf(value));
    }),
  );
});
