import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { problem, problemCodes, problems, problemSchema } from './problems.js';

const pages = new URL('../../../docs/errors/', import.meta.url);

test('every problem has a page, and every page a problem', () => {
  const named = readdirSync(pages)
    .filter((file) => file !== 'README.md')
    .map((file) => file.replace(/\.md$/, ''));
  expect(named.toSorted()).toEqual(problemCodes.toSorted());
});

test.each(problemCodes)('the page of %s says its status and title, and what to check', (code) => {
  const page = readFileSync(new URL(`${code}.md`, pages), 'utf8');
  expect(page).toContain(`**${problems[code].status} · ${problems[code].title}**`);
  expect(page).toMatch(/## What to check\n\n- /);
});

test('a problem is what its schema says, and its type names its page', () => {
  const answer = problem('no_route', 'Nothing matches.', { instance: '/x', requestId: 'req_1' });
  expect(problemSchema.parse(answer)).toEqual(answer);
  expect(answer.type.endsWith('/no_route')).toBe(true);
});
