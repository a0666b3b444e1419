// What a valid body, path, query or head becomes in the hands of somebody who means ill, or whose program is broken.
import fc from 'fast-check';

// JSON.stringify cannot write these: they stand for themselves until the text is made.
const raw: Readonly<Record<string, string>> = {
  '\uE000deep': '['.repeat(20_000) + ']'.repeat(20_000),
  '\uE000deep-object': '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000),
  '\uE000huge': '1e400',
  '\uE000digits': '9'.repeat(400),
  '\uE000fraction': '-0.000000000000000000000000000000000000000000001e-300',
};
const rawKeys = Object.keys(raw);

const texts = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'a\0b',
    '\uD800',
    'a\uDFFFb',
    '\u202E\uFEFF\u2028',
    '%00',
    '../../etc/passwd',
    "'; DROP TABLE x; --",
    '${7*7}',
    '<script>',
    '__proto__',
    'constructor',
    'null',
    'NaN',
    '-1',
    '1e309',
    '9223372036854775808',
    '99999-99-99T99:99:99Z',
    '+275760-09-13T00:00:00.001Z',
    '[',
    '(((((((((((a*)*)*)*',
    '/'.repeat(300),
  ),
  fc.constantFrom(300, 5_000, 70_000).map((length) => 'x'.repeat(length)),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { toString: 1, valueOf: [] }),
  fc.constantFrom(0, -0, -1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e21, 1e308, 5e-324),
  fc.constantFrom(...rawKeys),
  texts,
  fc.jsonValue({ maxDepth: 2 }),
);
const hostileKey = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', '\0', '\uD800', 'id'),
  fc.string({ maxLength: 8 }),
);

interface Change {
  readonly at: number;
  readonly how: 'drop' | 'replace' | 'add' | 'repeat';
  readonly key: string;
  readonly value: unknown;
}
const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({
    at: fc.nat({ max: 1_000 }),
    how: fc.constantFrom('drop', 'replace', 'replace', 'add', 'repeat'),
    key: hostileKey,
    value: hostileValue,
  }),
  { minLength: 1, maxLength: 3 },
);

export const mutationOf = (valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(valid, changes).map(([value, list]) => list.reduce(changed, value));

function changed(value: unknown, change: Change): unknown {
  const paths = [...placesOf(value)];
  return changedAt(value, paths[change.at % paths.length] ?? [], change);
}

function* placesOf(value: unknown): Generator<readonly string[]> {
  yield [];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) for (const rest of placesOf(member)) yield [key, ...rest];
}

function changedAt(value: unknown, [key, ...rest]: readonly string[], change: Change): unknown {
  if (key === undefined) return changedHere(value, change);
  const entries = Object.entries(value as object).flatMap(([name, member]: [string, unknown]): [string, unknown][] => {
    if (name !== key) return [[name, member]];
    return rest.length === 0 && change.how === 'drop' ? [] : [[name, changedAt(member, rest, change)]];
  });
  return Array.isArray(value) ? entries.map(([, member]) => member) : Object.fromEntries(entries);
}

function changedHere(value: unknown, { how, key, value: put }: Change): unknown {
  if (how === 'repeat') return [value, value];
  if (how !== 'add' || typeof value !== 'object' || value === null) return put;
  return Array.isArray(value)
    ? [...(value as unknown[]), put]
    : Object.fromEntries([...Object.entries(value), [key, put]]);
}

/** The text of a value, with what only raw JSON can say. */
export function textOf(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return rawKeys.reduce((all, key) => all.replaceAll(JSON.stringify(key), raw[key] ?? ''), text);
}

export const malformedText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '{',
    '{"a":1,}',
    "{'a':1}",
    '{"a":1}{"a":2}',
    'undefined',
    '\uFEFF{}',
    '"\\ud8"',
    '{"a":1,"a":2}',
    'a: &a [*a, *a]\n',
    'a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n',
    '!!js/function "x"\n',
    '? {a: 1}\n: [b\n',
    '---\na: 1\n---\nb: 2\n',
    '<<: {a: 1}\n',
    '%YAML 9.9\n---\n\ta: 1',
    'sluice: 1\napis: {__proto__: {a: 1}}\n',
    'sluice: 1\nsluice: 1\n',
    'sluice: 0x1\nenvironment: .nan\n',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** No path segment is empty: that would be another path. */
export const pathText = texts.filter((text) => text !== '' && text.isWellFormed() && text.length <= 300);
export const queryText = texts.filter((text) => text.isWellFormed() && text.length <= 5_000);
/** What node lets into a head (RFC 9110, section 5.5). */
export const headerText = fc.oneof(
  fc.constantFrom('', '*', '"', 'W/"x"', '"a", "b"', ',', ';', '=', 'a=b=c', '%00', '\t', '"\\', 'x'.repeat(4_000)),
  fc
    .array(
      fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f),
      { maxLength: 40 },
    )
    .map((codes) => String.fromCharCode(...codes)),
);
