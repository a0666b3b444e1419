import { planSchema, planPutSchema } from '@sluice/contracts';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ConflictCard, differences } from './conflict';

const stamps = { id: `pln_${'0'.repeat(32)}`, createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' };
const theirs = planSchema.parse({
  ...stamps,
  name: 'free',
  title: 'Free for all',
  apis: ['users'],
  limits: [{ window: '10/minute' }],
  tags: ['team-a'],
});
const mine = planPutSchema.parse({ title: 'Free', apis: ['users'], limits: [{ window: '10/minute' }] });

test('both versions are compared by what people write, field by field', () => {
  expect(differences(theirs, mine, false)).toEqual([
    { field: 'title', before: '"Free for all"', after: '"Free"' },
    { field: 'tags/0', before: '"team-a"', after: null },
  ]);
  expect(differences(theirs, { ...mine, title: theirs.title, tags: ['team-a'] }, false)).toEqual([]);
});

test('of a change of some fields the others do not count', () => {
  expect(differences(theirs, { title: 'Free' }, true).map(({ field }) => field)).toEqual(['title']);
  expect(differences({ title: 'A', versioning: null }, { title: 'A', versioning: null }, true)).toEqual([]);
});

test('a conflict shows both versions, and offers either', () => {
  const html = renderToStaticMarkup(
    <ConflictCard
      conflict={{ theirs, etag: '"2"', mine }}
      isPatch={false}
      isSending={false}
      onOverwrite={() => undefined}
      onTake={() => undefined}
    />,
  );
  for (const text of ['Free for all', 'team-a', 'not said', 'Take what is there now', 'Save mine over it'])
    expect(html).toContain(text);
});
