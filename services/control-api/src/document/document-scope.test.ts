import { canonicalJson, documentSchema, type Document } from '@sluice/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changePart, partOf } from './document-scope.js';
import { normalDocument } from './normal-document.js';

const target = (url: string, tags?: string[]): object => ({
  targets: [{ url }],
  ...(tags === undefined ? {} : { tags }),
});
const route = (name: string, more: object = {}): object => ({
  name,
  match: { path: { exact: `/${name}` } },
  answer: { body: name },
  ...more,
});
const documentOf = (parts: object): Document =>
  documentSchema.parse({ sluice: 1, upstreams: {}, apis: {}, plans: {}, ...parts });

const draft = documentOf({
  upstreams: { mine: target('http://mine.test', ['a']), yours: target('http://yours.test', ['b']) },
  apis: {
    mine: { title: 'Mine', tags: ['a'], routes: [route('one')] },
    shared: {
      title: 'Shared',
      tags: ['common'],
      routes: [route('mine', { tags: ['a'] }), route('yours', { tags: ['b'] })],
    },
  },
  plans: { free: { title: 'Free', apis: ['mine'], limits: [] } },
});
const change = (named: object, mode: 'apply' | 'sync' = 'sync', tags: readonly string[] = ['a']) =>
  changePart(draft, documentOf(named), { tags, mode });

test('a part is what carries all of the tags, routes by their API too, and the APIs around such routes', () => {
  expect(partOf(draft, ['a'])).toEqual({
    ...draft,
    upstreams: { mine: draft.upstreams['mine'] },
    apis: {
      mine: draft.apis['mine'],
      shared: { ...draft.apis['shared'], routes: draft.apis['shared']?.routes.slice(0, 1) },
    },
    plans: {},
  });
  expect(Object.keys(partOf(draft, ['a', 'common']).apis)).toEqual(['shared']);
  expect(partOf(draft, ['nobody'])).toEqual(documentOf({}));
});

test('a sync of a part removes what it does not name from the part alone', () => {
  const { document, errors } = change({});
  expect(errors).toEqual([]);
  expect(document).toEqual({
    ...draft,
    upstreams: { yours: draft.upstreams['yours'] },
    apis: { shared: { ...draft.apis['shared'], routes: draft.apis['shared']?.routes.slice(1) } },
  });
});

test('an apply of a part removes nothing, and what is named gets the tags that it lacks', () => {
  const shared = { title: 'Shared', routes: [route('new')] };
  const { document, errors } = change(
    {
      upstreams: { new: target('http://new.test', ['z']) },
      apis: { shared, other: { title: 'O', routes: [route('x')] } },
    },
    'apply',
    ['a', 'common'],
  );
  expect(errors).toEqual([]);
  expect(document.upstreams['new']?.tags).toEqual(['a', 'common', 'z']);
  expect(document.apis['shared']).toEqual({
    ...draft.apis['shared'],
    // Its API carries the other one.
    routes: [
      { ...documentOf({ apis: { shared } }).apis['shared']?.routes[0], tags: ['a'] },
      ...(draft.apis['shared']?.routes ?? []),
    ],
  });
  expect(document.apis['other']).toMatchObject({ tags: ['a', 'common'] });
  expect(document.apis['other']?.routes[0]).not.toHaveProperty('tags');
  expect(document.upstreams).toMatchObject(draft.upstreams);
});

test.each([
  ['an upstream', { upstreams: { yours: target('http://mine.test') } }, '/upstreams/yours'],
  ['an upstream that says the same', { upstreams: { yours: target('http://yours.test', ['b']) } }, '/upstreams/yours'],
  ['a plan', { plans: { free: { title: 'Free', apis: [], limits: [] } } }, '/plans/free'],
  ['a route', { apis: { shared: { title: 'Shared', routes: [route('yours')] } } }, '/apis/shared/routes/0'],
  ['the settings of an API', { apis: { shared: { title: 'Taken', routes: [] } } }, '/apis/shared'],
  ['the tags of an API', { apis: { shared: { title: 'Shared', tags: ['a'], routes: [] } } }, '/apis/shared'],
])('%s outside of the part is refused where the document names it', (_, named, pointer) => {
  for (const mode of ['apply', 'sync'] as const)
    expect(change(named, mode).errors).toEqual([
      {
        pointer,
        message: expect.stringContaining('the tag "a"') as unknown,
        fix: expect.stringMatching(/\S/) as unknown,
      },
    ]);
});

test('an object that would carry too many tags is refused', () => {
  const tags = Array.from({ length: 16 }, (_, index) => `t${index}`);
  expect(change({ upstreams: { full: target('http://full.test', tags) } }).errors).toMatchObject([
    { pointer: '/upstreams/full/tags' },
  ]);
});

const tagLists = fc.subarray(['a', 'b', 'c'], { minLength: 1 });
const names = fc.constantFrom('n1', 'n2', 'n3', 'constructor');
const objects = <T>(object: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.dictionary(names, object, { maxKeys: 4 });
const optional = { requiredKeys: [] };
const tags = fc.record({ tags: tagLists }, optional);
const tagged = (fields: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc.tuple(fields, tags).map(([own, more]) => Object.assign({}, own, more));
const numbers = fc.integer({ min: 1, max: 3 });
const routes = fc
  .uniqueArray(fc.tuple(names, numbers), { selector: ([name]) => name })
  .chain((all) => fc.tuple(...all.map(([name, cost]) => tagged(fc.constant(route(name, { cost }))))));
const documents = fc
  .record({
    upstreams: objects(tagged(numbers.map((n) => target(`http://h${n}.test`)))),
    apis: objects(tagged(fc.record({ title: fc.constantFrom('T1', 'T2'), routes }))),
    plans: objects(tagged(numbers.map((n) => ({ title: `P${n}`, apis: [], limits: [] })))),
  })
  .map(documentOf);

const has = (tags: readonly string[], ...own: ({ tags?: string[] | undefined } | undefined)[]): boolean =>
  tags.every((tag) => own.some((object) => object?.tags?.includes(tag)));

/** Every object with its text, and whether it carries the tags: told in another way than by the code above. */
function objectsOf({ upstreams, apis, plans }: Document, tags: readonly string[]): Map<string, [string, boolean]> {
  const all = new Map<string, [string, boolean]>();
  for (const [name, own] of Object.entries(upstreams))
    all.set(`upstream ${name}`, [canonicalJson(own), has(tags, own)]);
  for (const [name, own] of Object.entries(plans)) all.set(`plan ${name}`, [canonicalJson(own), has(tags, own)]);
  for (const [name, { routes, ...own }] of Object.entries(apis)) {
    all.set(`api ${name}`, [canonicalJson(own), has(tags, own)]);
    for (const one of routes) all.set(`route ${name}/${one.name}`, [canonicalJson(one), has(tags, one, own)]);
  }
  return all;
}

test('a change of a part, whatever it says, never changes, adds or removes an object outside', () => {
  const modes = fc.constantFrom('apply' as const, 'sync' as const);
  fc.assert(
    fc.property(documents, documents, tagLists, modes, (before, named, tags, mode) => {
      const { document: after, errors } = changePart(before, named, { tags, mode });
      fc.pre(errors.length === 0);
      const [old, young, said] = [objectsOf(before, tags), objectsOf(after, tags), objectsOf(named, tags)];
      const keysOf = (all: typeof old, isWanted: (isIn: boolean, key: string) => boolean): string[] =>
        [...all].flatMap(([key, [, isIn]]) => (isWanted(isIn, key) ? [key] : [])).toSorted();
      const outside = (all: typeof old): object => Object.fromEntries([...all].filter(([, [, isIn]]) => !isIn));
      expect(outside(young)).toEqual(outside(old));
      // All that the document names is inside afterwards, but for APIs around; what it does not name is kept, or gone.
      const unnamed = keysOf(old, (isIn, key) => isIn && !said.has(key));
      const wanted = keysOf(said, (_, key) => !key.startsWith('api ') || !old.has(key) || (old.get(key)?.[1] ?? false));
      const inside = keysOf(young, (isIn) => isIn);
      expect(inside).toEqual([...wanted, ...(mode === 'apply' ? unnamed : [])].toSorted());
    }),
    { numRuns: 400 },
  );
});

test('a part that is exported and synced again changes nothing, and is refused nowhere', () => {
  fc.assert(
    fc.property(documents, tagLists, (before, tags) => {
      const { document, errors } = changePart(before, partOf(before, tags), { tags, mode: 'sync' });
      expect(errors).toEqual([]);
      expect(canonicalJson(normalDocument(document))).toBe(canonicalJson(normalDocument(before)));
    }),
    { numRuns: 300 },
  );
});
