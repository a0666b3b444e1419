// Requests made of whatever bytes a head may hold: no decision fails on them, and none goes on that proved nothing.
import type { Policy } from '@sluice/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Facts } from './decision.js';
import { ask, compiledOf, documentWith, triedNow } from './testing/try-route.js';
import { tokenOf } from './testing/try-token.js';

const issuer = 'https://login.acme.test';
const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
const ways: readonly Policy[] = [
  { jwt: { issuers: [{ issuer, discovery: true }], header: ['authorization', 'x-token'], cookie: 'token' } },
  { 'api-key': { header: ['authorization', 'x-api-key'], query: 'key', cookie: 'key' } },
  { basic: { users: [{ name: 'alice', password: hash }] } },
];
const provesNothing: Partial<Facts> = {
  credential: () => undefined,
  token: () => ({ state: 'bad', fault: 'signature' }),
  password: () => 'wrong',
};

// An object with a `toString` of its own is no text, whatever makes one of it.
const anyJson = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.constant({ toString: 1, valueOf: [] }));
const part = fc.oneof(
  anyJson.map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
  fc
    .record({ iss: fc.oneof(fc.constant(issuer), anyJson), exp: anyJson, alg: fc.oneof(fc.constant('RS256'), anyJson) })
    .map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
  fc.string(),
);
const token = fc.oneof(
  fc.tuple(part, part, part).map((parts) => parts.join('.')),
  fc.array(part, { maxLength: 6 }).map((parts) => parts.join('.')),
  fc
    .dictionary(fc.constantFrom('iss', 'exp', 'nbf', 'iat', 'aud', 'sub', 'scope', 'groups', '__proto__'), anyJson)
    .map((claims) => tokenOf({ iss: issuer, exp: triedNow / 1000 + 60, ...claims })),
);
// What the wire lets through in a value (RFC 9110, section 5.5), each byte a character.
const bytes = fc
  .array(fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff }), fc.constant(9)))
  .map((codes) => String.fromCharCode(...codes).trim());
const scheme = fc.constantFrom('Bearer ', 'bearer\t', 'Basic ', 'ApiKey ', 'BASIC  ', 'Bearer', '');
const value = fc.oneof(
  bytes,
  token,
  fc.tuple(scheme, fc.oneof(bytes, token)).map((pieces) => pieces.join('')),
);
const headers = fc.dictionary(
  fc.constantFrom('authorization', 'x-token', 'x-api-key', 'cookie', 'connection', 'via', 'host'),
  fc.oneof(
    value,
    fc.tuple(fc.constantFrom('key=', 'token="', 'a=1; key'), value).map((pieces) => pieces.join('')),
  ),
);
const query = fc
  .array(fc.oneof(fc.constantFrom('key=', '%6bey=', 'k%65y=x', '&', '%', '+', '%zz'), fc.webSegment()))
  .map((pieces) => `?${pieces.join('')}`);

test('whatever a request brings, no decision fails, and none goes on that proved nothing', () => {
  const all = [compiledOf(documentWith([{ any: ways }])), compiledOf(documentWith([{ all: ways }]))];
  const each = ways.map((way) => compiledOf(documentWith([way])));
  fc.assert(
    fc.property(headers, query, (sent, search) => {
      for (const compiled of [...all, ...each])
        expect(ask(compiled, { request: { headers: sent, query: search }, facts: provesNothing }).kind).toBe('answer');
    }),
    { numRuns: 300 },
  );
});

test('whatever a request brings, who goes on anonymously brings no credential along that was not read', () => {
  const open = compiledOf(documentWith([{ any: [...ways, { anonymous: {} }] }]));
  fc.assert(
    fc.property(fc.constantFrom('Bearer', 'bEARER', 'Basic', 'ApiKey'), bytes, (name, rest) => {
      fc.pre(!/^[A-Za-z0-9!#$%&'*+.^_`|~-]/.test(rest));
      const decision = ask(open, { request: { headers: { authorization: name + rest } }, facts: provesNothing });
      expect(decision.kind).toBe('answer');
    }),
  );
});

test('whatever a forward-auth service says, no decision fails, and the upstream gets its headers alone', () => {
  const asked = compiledOf(
    documentWith([
      { 'forward-auth': { address: 'http://auth.test', authResponseHeaders: ['X-User'], groupsHeader: 'g' } },
    ]),
  );
  const answer = fc.record({
    status: fc.integer({ min: 0, max: 999 }),
    headers: fc.array(fc.tuple(fc.constantFrom('x-user', 'x-admin', 'g', 'set-cookie', 'location', 'host'), bytes)),
    body: fc.string(),
  });
  fc.assert(
    fc.property(answer, headers, (said, sent) => {
      const decision = ask(asked, {
        request: { headers: { ...sent, 'x-user': 'forged' } },
        facts: { forwardAuth: () => ({ state: 'answered', ...said }) },
      });
      const isPassed = said.status >= 200 && said.status < 300;
      expect(decision.kind).toBe(isPassed ? 'forward' : 'answer');
      const edits = decision.kind === 'forward' ? decision.request : { set: [], remove: ['x-user'] };
      expect(edits.remove).toContain('x-user');
      expect(edits.set.every(([name]) => name === 'x-user')).toBe(true);
    }),
  );
});
