import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDocument } from './read-document.js';

const yaml = async (text: string) => readDocument({ text, format: 'yaml' });
const json = async (text: string) => readDocument({ text, format: 'json' });
const first = async (text: string) => (await yaml(text)).errors[0];

test('a document in YAML and the same in JSON are one document, with parts that are left out empty', async () => {
  const text = 'sluice: 1\nplans:\n  free: { title: Free, apis: [], limits: [ { window: 10/minute } ] }\n';
  const same = '{"sluice":1,"plans":{"free":{"title":"Free","apis":[],"limits":[{"window":"10/minute"}]}}}';
  const { source } = await yaml(text);
  expect(source?.document).toEqual({
    sluice: 1,
    upstreams: {},
    apis: {},
    plans: { free: { title: 'Free', apis: [], limits: [{ window: '10/minute', onOutage: 'deny' }] } },
  });
  expect((await json(same)).source?.document).toEqual(source?.document);
  expect((await yaml(same)).source?.document).toEqual(source?.document);
});

test('the address of its schema, which editors read, is no part of a document', async () => {
  expect(
    (await json('{"$schema":"https://api.test/v1/document.schema.json","sluice":1}')).source?.document,
  ).not.toHaveProperty('$schema');
});

test.each([
  ['a field that is wrong', 'sluice: 1\nupstreams:\n  one:\n    targets: []\n', '/upstreams/one/targets', 4, 5],
  [
    'a field in a list',
    'sluice: 1\nupstreams:\n  one:\n    targets:\n      - url: nothing\n',
    '/upstreams/one/targets/0/url',
    5,
    9,
  ],
  ['a field that nobody knows', 'sluice: 1\nroutes: []\nplans: {}\n', '', 2, 1],
  [
    'a field that is missing, at what should have it',
    'sluice: 1\nplans:\n  free: { limits: [], apis: [] }\n',
    '/plans/free/title',
    3,
    3,
  ],
  [
    'a name that is none',
    'sluice: 1\nplans:\n  Free Plan: { title: x, limits: [], apis: [] }\n',
    '/plans/Free Plan',
    3,
    3,
  ],
  [
    'a name that no API of ours may have',
    'sluice: 1\napis:\n  console: { title: x, routes: [] }\n',
    '/apis/console',
    3,
    3,
  ],
])('%s is named by line, column, pointer and remedy', async (_, text, pointer, line, column) => {
  expect(await first(text)).toEqual({
    pointer,
    line,
    column,
    message: expect.any(String) as unknown,
    fix: expect.stringMatching(/\S/) as unknown,
  });
  expect((await yaml(text)).source).toBeUndefined();
});

test('errors in JSON have lines too', async () => {
  expect((await json('{\n  "sluice": 1,\n  "plans": {\n    "free": 7\n  }\n}')).errors).toMatchObject([
    { pointer: '/plans/free', line: 4, column: 5 },
  ]);
  expect((await json('{\n  "sluice": 1,\n  "plans": {,}\n}')).errors).toMatchObject([
    { message: 'the text is not JSON', line: 3 },
  ]);
  expect((await json('{ sluice: 1 }')).errors).toMatchObject([{ message: 'the text is not JSON' }]);
});

test.each([
  ['a tab that indents', 'sluice: 1\nplans:\n\tfree: 1\n', 3, 'indent with spaces'],
  ['two documents', 'sluice: 1\n---\nsluice: 1\n', 2, 'send one document at a time, without ---'],
  ['a name twice', 'sluice: 1\nplans: {}\nplans: {}\n', 3, 'keep one of the two'],
  ['a tag', 'sluice: 1\nplans: !!binary aGk=\n', 2, 'leave the tag out'],
  ['an anchor that is not above', 'sluice: 1\nplans: *nowhere\n', 2, 'write &nowhere further up'],
  ['a half quote', 'sluice: 1\nplans: "half\n', 3, expect.any(String)],
])('%s is refused with its line', async (_, text, line, fix) => {
  expect(await first(text)).toMatchObject({ line, fix });
});

test('what is no document at all is refused, not crashed upon', async () => {
  for (const text of ['# nothing', '7', '[]', 'null', 'sluice: 2', '--- |\n text', '? [a]\n: b'])
    expect((await yaml(text)).errors.length, text).toBeGreaterThan(0);
});

test('text that no store gives back, and names that no object may have, are refused by pointer', async () => {
  expect(await first('sluice: 1\nplans: { free: { title: "a\\0", apis: [], limits: [] } }')).toMatchObject({
    pointer: '/plans/free/title',
    line: 2,
  });
  expect(
    (await json('{"sluice":1,"plans":{"free":{"title":"\\ud800","apis":[],"limits":[]}}}')).errors[0]?.pointer,
  ).toBe('/plans/free/title');
  expect((await json('{"sluice":1,"__proto__":{"plans":{}}}')).errors[0]?.pointer).toBe('/__proto__');
  expect((await first('sluice: 1\n__proto__: {}\n'))?.pointer).toBe('/__proto__');
});

test('aliases are followed, and a few lines cannot make more values than a long text', async () => {
  const shared = 'sluice: 1\nplans:\n  one: &p { title: P, apis: [], limits: [] }\n  two: *p\n';
  expect(Object.keys((await yaml(shared)).source?.document.plans ?? {})).toEqual(['one', 'two']);
  const levels = Array.from({ length: 12 }, (_, level) =>
    level === 0
      ? 'a0: &a0 [x,x,x,x,x,x,x,x]'
      : `a${level}: &a${level} [${Array(8)
          .fill(`*a${level - 1}`)
          .join(',')}]`,
  );
  expect(await first(levels.join('\n'))).toMatchObject({ fix: 'use fewer aliases, or send less' });
});

test('nesting without end is refused in words', async () => {
  for (const text of [
    '['.repeat(10_000),
    '{"a":'.repeat(6_000),
    `${'- '.repeat(10_000)}x`,
    '['.repeat(10_000) + ']'.repeat(10_000),
  ]) {
    expect((await yaml(text)).errors[0]).toMatchObject({ fix: expect.stringMatching(/\S/) as unknown });
    expect((await json(text)).errors[0]).toMatchObject({ fix: expect.stringMatching(/\S/) as unknown });
  }
});

test('any text is read or refused with words, never thrown upon', async () => {
  const bits = [
    'sluice: 1',
    'plans:',
    '  free:',
    ' { title: x',
    '}',
    '&a',
    '*a',
    '- ',
    '"',
    "'",
    ':',
    '\n',
    '\t',
    '!!x',
    '|',
    '>',
    '?',
    '{}',
    '[]',
    '#',
  ];
  const texts = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...bits), { maxLength: 30 }).map((parts) => parts.join('')),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      for (const read of [await yaml(text), await json(text)]) {
        expect(read.source === undefined).toBe(read.errors.length > 0);
        for (const { fix, message } of read.errors) expect([fix, message]).not.toContain('');
      }
    }),
    { numRuns: 500 },
  );
});

test('an empty list of policies is the same as none, so that it makes the same document', async () => {
  const api = async (policies: string) =>
    (await yaml(`sluice: 1\napis: { users: { title: U, routes: []${policies} } }`)).source?.document;
  expect(await api(', policies: []')).toEqual(await api(''));
});

test('the documents of the docs can be read', async () => {
  const docs = new URL('../../../../docs/', import.meta.url);
  const pages = ['documents.md', ...['kong', 'envoy', 'nginx', 'traefik'].map((name) => `migrating/${name}/README.md`)];
  for (const page of pages) {
    const blocks = [...readFileSync(new URL(page, docs), 'utf8').matchAll(/```yaml\n(sluice: 1\n[\s\S]*?)```/g)];
    expect(blocks.length, page).toBeGreaterThan(0);
    for (const [, block = ''] of blocks) expect((await yaml(block)).errors, page).toEqual([]);
  }
});

test('a text of deep lists with very many values is refused before anybody has waited long for the process', async () => {
  const [deep, values] = [98, Array.from({ length: 500_000 }, () => '1').join(',')];
  const text = `${'['.repeat(deep)}${values}${']'.repeat(deep)}`;
  const elsewhere = async () => Promise.resolve({ value: undefined, errors: [], positions: [] });
  expect((await readDocument({ text, format: 'json' }, elsewhere)).errors).toHaveLength(1);
});
