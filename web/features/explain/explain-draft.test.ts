import { explainBodySchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { emptyExplain, inputOf, unreadableParts } from './explain-draft';

const empty = emptyExplain('https://acme.test/orders?page=2');

test('what is left empty is not sent', () => {
  expect(inputOf(empty)).toEqual({ on: 'live', method: 'GET', url: 'https://acme.test/orders?page=2', headers: {} });
  expect(explainBodySchema.safeParse(inputOf(empty)).success).toBe(true);
});

test('header lines of one name are one header, and colons in values stay', () => {
  const draft = { ...empty, headers: 'Accept: text/html\n\naccept:application/json\nx-time: 12:30' };
  expect(inputOf(draft).headers).toEqual({ accept: 'text/html, application/json', 'x-time': '12:30' });
  expect(unreadableParts(draft)).toEqual([]);
});

test('a line that is no header, and claims that are no object, are named at their fields', () => {
  expect(unreadableParts({ ...empty, headers: 'accept: a\nGET / HTTP/1.1', claims: '[1]' })).toEqual([
    { pointer: '/headers', message: 'line 2 is no header: write name: value', fix: '' },
    { pointer: '/claims', message: 'write a JSON object, such as {"sub": "user-1"}', fix: '' },
  ]);
  expect(unreadableParts({ ...empty, claims: '{"sub":' })[0]?.message).toMatch(/^this is no JSON/);
});
