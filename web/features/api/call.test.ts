import { problem } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { outcomeOf, requestOf } from './call';
import type { Call } from './call';
import { getTimeseries, search } from './calls';

const call: Call<{ name: string }> = { method: 'GET', path: '/v1/x', answer: z.object({ name: z.string() }) };

test('an answer that passes its schema is the value, with its ETag', async () => {
  const outcome = await outcomeOf(call, async () => Response.json({ name: 'acme' }, { headers: { etag: '"1"' } }));
  expect(outcome).toEqual({ ok: true, value: { name: 'acme' }, etag: '"1"' });
});

test('an answer of another shape is a failure that names the field, never a half value', async () => {
  const outcome = await outcomeOf(call, async () => Response.json({ name: 7 }));
  expect(outcome).toMatchObject({ ok: false, code: 'internal', detail: expect.stringContaining('name') });
});

test('a problem keeps what, why, the fields, and the request id', async () => {
  const body = problem('name_taken', 'acme is taken', {
    instance: '/v1/tenants',
    requestId: 'req_1',
    errors: [{ pointer: '/slug', message: 'is taken', fix: 'choose another' }],
  });
  const outcome = await outcomeOf(call, async () => Response.json(body, { status: 409 }));
  expect(outcome).toMatchObject({
    ok: false,
    code: 'name_taken',
    title: 'The name is taken',
    detail: 'acme is taken',
    requestId: 'req_1',
    errors: [{ pointer: '/slug' }],
  });
});

test('a refusal that is no problem document still says what it was', async () => {
  const outcome = await outcomeOf(call, async () => new Response('<html>', { status: 502 }));
  expect(outcome).toMatchObject({ ok: false, code: 'unavailable', isRetryable: true });
});

test('no answer at all is a value, not an exception', async () => {
  const outcome = await outcomeOf(call, () => Promise.reject(new TypeError('fetch failed')));
  expect(outcome).toMatchObject({ ok: false, code: 'unavailable', requestId: null });
});

test('a change carries the ETag it is based on, and a creation its idempotency key', () => {
  const { headers } = requestOf({ ...call, method: 'PUT', body: {}, ifMatch: '"3"', idempotencyKey: 'k' });
  const sent = new Headers(headers);
  expect([sent.get('if-match'), sent.get('idempotency-key'), sent.get('content-type')]).toEqual([
    '"3"',
    'k',
    'application/json',
  ]);
});

test('names go into paths escaped, and empty filters stay out of the query', () => {
  expect(getTimeseries({ tenant: 'a/b', environment: 'production' }, { from: '1', route: '' }).path).toBe(
    '/v1/tenants/a%2Fb/environments/production/analytics/timeseries?from=1',
  );
  expect(search({})).toBe('');
});
