import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { personalTokenCreateSchema, serviceAccountCreateSchema, serviceTokenCreateSchema } from './access-tokens.js';

test('what the guide has people send is taken', () => {
  const guide = readFileSync(new URL('../../../../docs/access-tokens.md', import.meta.url), 'utf8');
  const bodies = [...guide.matchAll(/```json\n([\s\S]+?)```/g)].map(([, text = '']) => JSON.parse(text) as object);
  expect(bodies).toHaveLength(1);
  for (const body of bodies) {
    expect(serviceTokenCreateSchema.safeParse(body).error).toBeUndefined();
    expect(personalTokenCreateSchema.safeParse({ ...body, tenant: 'acme' }).error).toBeUndefined();
  }
});

test('a personal token for environments names their tenant', () => {
  const { error } = personalTokenCreateSchema.safeParse({ name: 'ci', environments: ['staging'] });
  expect(error?.issues.map(({ path }) => path)).toEqual([['tenant']]);
});

test('every token ends: after 90 days unless said otherwise, and after a year at most', () => {
  expect(serviceTokenCreateSchema.parse({ name: 'ci' }).expiresInDays).toBe(90);
  for (const expiresInDays of [0, 367, null, Number.POSITIVE_INFINITY])
    expect(serviceTokenCreateSchema.safeParse({ name: 'ci', expiresInDays }).success).toBe(false);
});

test('a service account is never an owner', () => {
  expect(serviceAccountCreateSchema.safeParse({ name: 'ci', role: 'admin' }).success).toBe(true);
  expect(serviceAccountCreateSchema.safeParse({ name: 'ci', role: 'owner' }).success).toBe(false);
});
