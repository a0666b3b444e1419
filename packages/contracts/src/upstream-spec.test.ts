import { expect, test } from 'vitest';
import { upstreamCreateSchema, upstreamPutSchema } from './api/configuration.js';
import { fieldErrors } from './problems.js';
import { upstreamDefaults, upstreamSpecSchema } from './upstream-spec.js';

const targets = [{ url: 'http://users:3000', weight: 1 }];
const errorsOf = (more: object) => {
  const result = upstreamSpecSchema.safeParse({ targets, ...more });
  return result.success ? [] : fieldErrors(result.error);
};

const pathFix = 'begin with /, leave out spaces, # and \\, and percent-encode what is beyond ASCII';

test('what an upstream does not say stays unsaid, so that its hash stays and older gateways read it', () => {
  const said = { targets, timeoutMs: 30_000 };
  expect(upstreamSpecSchema.parse({ targets })).toEqual(said);
});

test('every part may be empty, and then is what a gateway does without it', () => {
  const spec = upstreamSpecSchema.parse({ targets, health: {}, ejection: {}, limits: {}, timeouts: {}, tls: {} });
  expect(spec).toMatchObject({ ...upstreamDefaults, health: { path: '/', statuses: ['2xx'] }, tls: {} });
});

test.each([
  [
    'an unknown balance',
    { balance: 'random' },
    '/balance',
    'write one of "round-robin", "least-request", "consistent-hash"',
  ],
  ['hashBy without a hash', { hashBy: 'ip' }, '/hashBy', 'leave hashBy out, or write balance: consistent-hash'],
  [
    'a hash by an unknown part',
    { balance: 'consistent-hash', hashBy: 'path' },
    '/hashBy',
    'write ip, application, header:<name in lower case> or cookie:<name>',
  ],
  ['a path that is none', { health: { path: 'up' } }, '/health/path', pathFix],
  ['a path that no request line can hold', { health: { path: '/\u010d' } }, '/health/path', pathFix],
  ['a path with a control character', { health: { path: '/\u0001' } }, '/health/path', pathFix],
  [
    'checks that overlap',
    { health: { intervalMs: 1000 } },
    '/health/timeoutMs',
    'write a time no longer than intervalMs',
  ],
  [
    'a status that is none',
    { health: { statuses: ['ok'] } },
    '/health/statuses/0',
    'write a status from 200 to 599, or one of 2xx, 3xx, 4xx',
  ],
  ['ejections that shrink', { ejection: { maxMs: 1000 } }, '/ejection/maxMs', 'write a time no shorter than baseMs'],
  ['no connection at all', { limits: { connections: 0 } }, '/limits/connections', 'write at least 1'],
  [
    'a key as an authority',
    { tls: { ca: '-----BEGIN PRIVATE KEY-----' } },
    '/tls/ca',
    'write certificates in PEM, beginning with -----BEGIN CERTIFICATE-----, and no key',
  ],
  [
    'a key behind an authority: whoever may read the document would have it',
    { tls: { ca: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n-----BEGIN RSA PRIVATE KEY-----' } },
    '/tls/ca',
    'write certificates in PEM, beginning with -----BEGIN CERTIFICATE-----, and no key',
  ],
  ['a member that is none', { retries: 1 }, '', 'remove "retries"'],
])('%s is refused with what to write instead', (_what, more, pointer, fix) => {
  expect(errorsOf(more)).toMatchObject([{ pointer, fix }]);
});

test('what no single field can say is refused by the API as in a document', () => {
  for (const schema of [upstreamPutSchema, upstreamCreateSchema]) {
    const result = schema.safeParse({ name: 'users', targets, hashBy: 'ip' });
    expect(result.error?.issues.some(({ path }) => path[0] === 'hashBy')).toBe(true);
  }
});
