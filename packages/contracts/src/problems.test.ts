import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fieldErrors, problem, problemCodes, problems, problemSchema } from './problems.js';

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

test('whoever sends megabytes of what is wrong is told what is wrong in a few kilobytes', () => {
  const object = z.strictObject({ list: z.array(z.int()).optional(), named: z.record(z.string(), z.int()).optional() });
  const wrong = [
    Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`unknown-${index}`, 1])),
    { ['k'.repeat(2_000_000)]: 1 },
    { list: Array.from({ length: 50_000 }, () => 'no number') },
    { named: { ['n'.repeat(2_000_000)]: 'no number' } },
  ];
  for (const value of wrong) {
    const parsed = object.safeParse(value);
    const errors = parsed.success ? [] : fieldErrors(parsed.error);
    expect(errors.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors).length).toBeLessThan(32_000);
  }
  const [first] = fieldErrors(object.safeParse({ one: 1, two: 2, six: 6, a: 1, b: 1, c: 1 }).error as z.ZodError);
  expect(first?.fix).toBe('remove "one", "two", "six", "a", "b", and 1 more');
  const detail = 'x'.repeat(1_000_000);
  const errors = Array.from({ length: 1000 }, () => ({ pointer: detail, message: detail, fix: detail }));
  const answer = problem('invalid_body', detail, { instance: '/x', requestId: 'req_1', errors });
  expect(JSON.stringify(answer).length).toBeLessThan(250_000);
});
