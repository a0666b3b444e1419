import { expect, test } from 'vitest';
import type { CredentialFact } from './decision.js';
import { mapSubject } from './map-subject.js';
import { begin } from './progress.js';
import { noFacts, requestOf } from './testing/try-engine.js';
import { ask, codesOf, compiledOf, documentWith, outcomeOf } from './testing/try-route.js';

const end = 1_800_000_000_000;
const keyed = compiledOf(documentWith([{ 'api-key': {} }]));
const sendAt = (now: number, more: Partial<CredentialFact> = {}, compiled = keyed) =>
  ask(compiled, {
    request: { headers: { 'x-api-key': 'good' } },
    facts: {
      credential: () => ({ id: 'key_1', subscriptionId: '', isRevoked: false, expiresAt: end, ...more }),
    },
    now,
  });

test('a key is good until the millisecond of its expiry, and refused from then on, with a reason of its own', () => {
  expect(outcomeOf(sendAt(end - 1))).toBe('forward');
  expect(outcomeOf(sendAt(end))).toBe('credential_expired');
  const late = sendAt(end + 1);
  expect(late.reasons).toContainEqual({ code: 'key_expired', credential: 'key_1', expiresAt: end });
  expect(late.account.credentialId).toBe('key_1');
});

test('a key that was revoked stays revoked when it would have expired', () => {
  expect(outcomeOf(sendAt(end + 1, { isRevoked: true }))).toBe('credential_revoked');
});

test("a proven subject's access ends as a key does", () => {
  const facts = {
    ...noFacts,
    credential: () => ({ id: 'key_1', subscriptionId: 'sub_1', isRevoked: false, expiresAt: end }),
  };
  const mapAt = (now: number) => mapSubject('required', 'issuer', 'ann', begin(keyed, requestOf({}), facts, now, 1));
  expect(mapAt(end - 1)).toMatchObject({ kind: 'mapped', subscriptionId: 'sub_1' });
  expect(mapAt(end)).toMatchObject({ kind: 'refused', code: 'credential_expired' });
});

test('a key meets the scopes that it was given, and no others', () => {
  const scoped = compiledOf(documentWith([{ 'api-key': {} }, { scopes: { all: ['orders:read'] } }]));
  expect(outcomeOf(sendAt(0, { scopes: ['orders:read', 'other'] }, scoped))).toBe('forward');
  expect(outcomeOf(sendAt(0, { scopes: ['orders:write'] }, scoped))).toBe('scope_missing');
  expect(codesOf(sendAt(0, {}, scoped)).at(-1)).toBe('scopes_missing');
});
