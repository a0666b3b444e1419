// `validate` says of a document what the control plane says of it: the same verdict, at the same places.
import type { FieldError } from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkSource } from '../src/document/check-source.js';
import { startWorld, type World } from './support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world.stop();
});

const route = (more: string): string => `sluice: 1
upstreams:
  users: { targets: [{ url: "http://users.example.com" }] }
apis:
  users:
    title: Users
    routes:
      - name: all
        match: { path: { prefix: /users } }
        ${more}
        split: { arms: [{ name: stable, upstream: users, weight: 10000 }] }
`;

const texts = {
  'nothing but the version': 'sluice: 1',
  'a whole route': route('policies: [{ api-key: {} }]'),
  'an editor’s schema': '$schema: https://example.com/s.json\nsluice: 1',
  'JSON in YAML': '{"sluice": 1, "plans": {}}',
  'another version': 'sluice: 2',
  'no version': 'plans: {}',
  'a field that is none': route('polices: []'),
  'two that are none': 'sluice: 1\nfoo: 1\nbar: 2\n',
  'a policy that is none': route('policies: [{ api-kay: {} }]'),
  'a setting that is none': route('policies:\n          - api-key: { haeder: apikey }'),
  'an upstream that is none': route('').replace('upstream: users', 'upstream: nobody'),
  'a plan of an API that is none': `${route('')}plans:\n  free: { title: Free, apis: [other], limits: [] }\n`,
  'a route that can never win': route('').replace(
    '      - name: all',
    '      - name: first\n        match: { path: { prefix: /users } }\n        answer: {}\n      - name: all',
  ),
  'a bad regex': route('').replace('prefix: /users', 'regex: "(("'),
  'a name twice': 'sluice: 1\nplans: {}\nplans: {}\n',
  'a tag': 'sluice: !!int 1',
  'a tag of one’s own': 'sluice: !version 1',
  'two documents': 'sluice: 1\n---\nsluice: 1\n',
  tabs: 'sluice: 1\nplans:\n\tfree: {}\n',
  'a list that does not end': 'sluice: 1\nplans: [\n',
  'an anchor': 'sluice: 1\nupstreams:\n  a: &a { targets: [{ url: "http://a.example.com" }] }\n  b: *a\n',
  'an alias of nothing': 'sluice: 1\nplans: *nothing\n',
  'a merge key': 'sluice: 1\nupstreams:\n  a: &a { targets: [{ url: "http://a.example.com" }] }\n  b: { <<: *a }\n',
  'a number as a key': 'sluice: 1\nplans:\n  1: { title: One, apis: [], limits: [] }\n',
  NUL: 'sluice: 1\nplans:\n  a: { title: "\\0", apis: [], limits: [] }\n',
  'a name of no object': 'sluice: 1\nplans:\n  __proto__: { title: One, apis: [], limits: [] }\n',
  'a hidden secret': route('policies: [{ basic: { users: [{ name: ann, password: "(hidden)" }] } }]'),
  words: 'just words',
  'a list': '- sluice: 1',
} as const;

interface Verdict {
  isValid: boolean;
  errors: readonly FieldError[];
}

const byPlace = ({ isValid, errors }: Verdict): object => ({
  isValid,
  errors: errors.toSorted((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right))),
});

async function expectSame(
  theirs: Verdict,
  text: string,
  contentType: 'application/yaml' | 'application/json',
): Promise<void> {
  const errors = await checkSource({ text, contentType });
  expect(byPlace({ isValid: errors.length === 0, errors }), text).toEqual(
    byPlace({ isValid: theirs.isValid, errors: theirs.errors }),
  );
}

test.each(Object.entries(texts))('both say the same of %s', async (_, text) => {
  const { owner, base } = world.tenant;
  const theirs = await owner.ask<Verdict>('POST', `${base}/document/validate`, text, {
    'content-type': 'application/yaml',
  });
  await expectSame(theirs, text, 'application/yaml');
});

test('of what claims to be JSON and is none too', async () => {
  const { owner, base } = world.tenant;
  for (const text of ['{"sluice": 1,}', "{'sluice': 1}", 'sluice: 1', '{"sluice": 1}']) {
    const theirs = await owner.ask<Verdict>('POST', `${base}/document/validate`, text);
    await expectSame(theirs, text, 'application/json');
  }
});
