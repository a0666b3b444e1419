import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJsonObject } from './parse-json-object.js';

test('any object that names nothing twice is read as JSON.parse reads it, however it is written', () => {
  const spaces = fc.constantFrom(undefined, 1, '\t', '\n ');
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string({ unit: fc.constantFrom('a', '"', '\\', ':', '{', 'é', '😀', '\u2028', '\n') }),
        fc.jsonValue({ maxDepth: 3 }),
        { maxKeys: 10 },
      ),
      spaces,
      (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(JSON.stringify(parseJsonObject(text))).toBe(JSON.stringify(JSON.parse(text)));
      },
    ),
    { numRuns: 40 },
  );
});

test('a name that comes twice in one object is refused, however deep it is and however it is escaped', () => {
  const escaped = (text: string): string =>
    text
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('');
  const depth = fc.array(fc.constantFrom('{"in":', '['), { maxLength: 20 });
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 5 }),
      fc.jsonValue({ maxDepth: 2 }),
      depth,
      (name, value, around) => {
        const within = (own: string): string =>
          `{"at":${around.join('')}${own}${around
            .map((start) => (start === '[' ? ']' : '}'))
            .toReversed()
            .join('')}}`;
        const plain = JSON.stringify(name);
        const members = (second: string): string => `{${plain}:${JSON.stringify(value)},"":[{${plain}:1}],${second}:2}`;
        expect(parseJsonObject(within(members(plain)))).toBeUndefined();
        expect(parseJsonObject(within(members(`"${escaped(name)}"`)))).toBeUndefined();
        expect(parseJsonObject(within(members(JSON.stringify(`${name}?`))))).toBeDefined();
      },
    ),
  );
});

test('what is no object, or no JSON at all, is nothing, and takes no longer to tell', () => {
  const texts = [
    '',
    '[]',
    '1',
    'null',
    '"{}"',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1,}',
    '{"a\\',
    '{"\\u00":1}',
    '{"a":1}}',
    '{}{}',
    "{'a':1}",
  ];
  for (const text of texts) expect([text, parseJsonObject(text)]).toEqual([text, undefined]);
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', '1', ' ') }),
      (text) => {
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          value = undefined;
        }
        const found = parseJsonObject(text);
        return found === undefined || JSON.stringify(found) === JSON.stringify(value);
      },
    ),
  );
});

test('thirty-two levels are read, and no more', () => {
  const nested = (levels: number): string => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
  expect(parseJsonObject(nested(32))).toBeDefined();
  expect(parseJsonObject(nested(33))).toBeUndefined();
  expect(parseJsonObject(`{"a":"${'['.repeat(99)}"}`)).toBeDefined();
});
