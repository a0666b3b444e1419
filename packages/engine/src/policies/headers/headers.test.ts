import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { begin } from '../../progress.js';
import { compiledOf, documentWith, faultsOf } from '../../testing/try-route.js';
import { noFacts, requestOf } from '../../testing/try-engine.js';
import { applyEdits } from './compile-edits.js';
import { expandTemplate, parseTemplate } from './template.js';

const compiled = compiledOf(documentWith([]));
const progressWith = (claims: Readonly<Record<string, unknown>>, parameters: Readonly<Record<string, string>> = {}) => {
  const progress = begin(compiled, requestOf({}), noFacts, 0, 1);
  progress.identity = {
    by: 'jwt',
    subject: 'alice',
    issuer: 'https://login.acme.test',
    credentialId: '',
    subscriptionId: '',
    scopes: [],
    groups: [],
    claims,
  };
  progress.parameters = parameters;
  return progress;
};

function valueOf(template: string, claims: Readonly<Record<string, unknown>> = {}): string {
  const parsed = parseTemplate(template, () => ['id']);
  if (!parsed.ok) throw new Error(parsed.detail);
  const expanded = expandTemplate(parsed.parts, progressWith(claims, { id: '7' }));
  return expanded.ok ? expanded.value : expanded.because;
}

// Any code units, halves of surrogate pairs among them, and control characters often.
const unit = fc.oneof(fc.nat(0xffff), fc.nat(0xa0));
const anyText = fc.array(unit, { maxLength: 40 }).map((units) => String.fromCharCode(...units));

describe('values', () => {
  test('are made of the path, claims and what is known of the caller', () => {
    expect(valueOf('user {claims.sub} of {path.id} ({identity.subject}) {{braces}}', { sub: 'ada' })).toBe(
      'user ada of 7 (alice) {braces}',
    );
    expect(valueOf('{claims.address.city}', { address: { city: 'Bonn' } })).toBe('Bonn');
    expect(valueOf('{claims.https://acme.test/roles}', { 'https://acme.test/roles': ['a', 'b'] })).toBe('a,b');
    expect(valueOf('{claims.level} {claims.isAdmin}', { level: 3, isAdmin: false })).toBe('3 false');
  });

  test('a placeholder that stands for nothing, or for what is no text, leaves the header out', () => {
    expect(valueOf('{claims.sub}')).toBe('absent');
    expect(valueOf('{claims.sub}', { sub: '' })).toBe('absent');
    expect(valueOf('{claims.constructor}')).toBe('absent');
    expect(valueOf('{claims.__proto__.x}')).toBe('absent');
    expect(valueOf('{claims.map}', { map: { a: 1 } })).toBe('absent');
    expect(valueOf('{claims.roles}', { roles: ['user,admin'] })).toBe('absent');
    expect(valueOf('{application.id}')).toBe('absent');
  });

  test('what is not ASCII is written as UTF-8, one character for each byte', () => {
    expect(valueOf('{claims.name}', { name: 'Zoë' })).toBe('Zo\u00c3\u00ab');
    expect(valueOf('{claims.name}', { name: '\ud800' })).toBe('unclean');
  });

  test('no value of a claim can end a header, or fill the head', () => {
    fc.assert(
      fc.property(anyText, (sub) => {
        const value = valueOf('{claims.sub}', { sub });
        // eslint-disable-next-line no-control-regex -- exactly the bytes that a field value may hold
        expect(value).toMatch(/^[\x20-\x7e\x80-\xff]*$/);
      }),
    );
    for (const end of ['\r\nx-admin: 1', '\n', '\0', '\u0085'])
      expect(valueOf('{claims.sub}', { sub: `a${end}` })).toBe('unclean');
    expect(valueOf('{claims.sub}', { sub: 'a'.repeat(5000) })).toBe('too_long');
  });

  test('a header that cannot be set is taken from the client all the same', () => {
    const progress = progressWith({});
    const edits = { rename: [], remove: [], set: [['x-user', [{ of: 'claims', name: 'sub' }]]], add: [] } as const;
    applyEdits(edits, progress.upstreamEdits, progress);
    expect(progress.upstreamEdits).toMatchObject({ remove: ['x-user'], set: [] });
    expect(progress.reasons).toEqual([{ code: 'header_dropped', header: 'x-user', because: 'absent' }]);
  });
});

describe('at validation', () => {
  const faults = (request: object, response: object = {}) => faultsOf([{ headers: { request, response } }]);

  test('a template that cannot work is refused where it stands, with a remedy', () => {
    expect(
      faults({ set: { 'x-a': '{path.id}', 'x-b': '{who}', 'x-c': '{open', 'x-d': 'close}', 'x-e': 'a\r\nb' } }),
    ).toEqual([
      {
        at: '/0/headers/request/set/x-a',
        message: "the policy headers: the route's path has no {id}",
        fix: 'match a template such as /users/{id}, and write {path.id}',
      },
      expect.objectContaining({
        at: '/0/headers/request/set/x-b',
        fix: expect.stringContaining('{claims.<name>}, {application.id}') as string,
      }),
      expect.objectContaining({ at: '/0/headers/request/set/x-c', fix: 'write {{ for a brace' }),
      expect.objectContaining({ at: '/0/headers/request/set/x-d', fix: 'write }} for a brace' }),
      expect.objectContaining({ at: '/0/headers/request/set/x-e', fix: 'leave it out' }),
    ]);
  });

  test.each([
    'host',
    'connection',
    'content-length',
    'transfer-encoding',
    'x-forwarded-for',
    'via',
    'x-sluice-arm',
    'X-A',
    'a b',
  ])('the name %s can be written neither by set, add, rename nor remove', (name) => {
    const at = faults({ set: { [name]: '1' }, add: { [name]: '1' }, rename: { 'x-a': name }, remove: [name] }).map(
      (fault) => fault.at,
    );
    expect(at).toEqual([
      '/0/headers/request/rename/x-a',
      '/0/headers/request/remove/0',
      `/0/headers/request/set/${name}`,
      `/0/headers/request/add/${name}`,
    ]);
  });

  test('of answers the same, and what the gateway says of limits', () => {
    expect(faults({}, { set: { ratelimit: '1', 'content-length': '1', 'x-frame-options': 'DENY' } })).toHaveLength(2);
  });
});
