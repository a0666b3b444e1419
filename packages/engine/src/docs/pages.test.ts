import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { PolicyExample } from '../policies/example.js';
import { policies } from '../policies/index.js';
import { pages } from './pages.js';
import { proseOf } from './reason-page.js';

const docs = new URL('../../../../docs/', import.meta.url);
const written = (path: string): string | undefined => {
  const file = new URL(path, docs);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};
const examples = new Map<string, readonly PolicyExample[]>();
for (const { name } of policies) {
  const own = (await import(`../policies/${name}/examples.ts`)) as { examples: readonly PolicyExample[] };
  examples.set(name, own.examples);
}
const made = pages({ examples, written });

test('the committed pages are what `npm run docs` makes', () => {
  const stale = [...made].filter(([path, text]) => written(path) !== text).map(([path]) => path);
  expect(stale).toEqual([]);
});

test('no page is left of a policy or a reason that is gone', () => {
  const present = ['policies', 'reasons'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, docs)).map((file) => `${folder}/${file}`),
  );
  const ours = [...made.keys()].filter((path) => /^(?:policies|reasons)\//.test(path));
  expect(present.toSorted()).toEqual(ours.toSorted());
});

test('every reason has a page on which people say what it means and what to check', () => {
  for (const path of made.keys()) {
    if (!path.startsWith('reasons/') || path.endsWith('README.md')) continue;
    expect(proseOf(written(path)), path).toMatch(/^[A-Z`][\s\S]+\n\n## What to check\n\n- /);
  }
});

test('every field of every policy says what it means', () => {
  const silent = [...made].flatMap(([path, text]) =>
    path.startsWith('policies/') || path === 'upstreams.md'
      ? text
          .split('\n')
          .filter((line) => /^\| `.*\|\s*\|$/.test(line))
          .map((line) => `${path}: ${line}`)
      : [],
  );
  expect(silent).toEqual([]);
});

test('every link leads to a page', () => {
  for (const [path, text] of made)
    for (const [, target = ''] of text.matchAll(/\]\(([^)#:]+\.md)/g))
      expect(existsSync(new URL(target, new URL(path, docs))), `${path} -> ${target}`).toBe(true);
});
