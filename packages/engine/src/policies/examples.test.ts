import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { asExpected } from '../testing/as-expected.js';
import { runExample } from '../testing/run-example.js';
import type { PolicyExample } from './example.js';
import { policies } from './index.js';

const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test('every policy in the list has a folder of its name, and every folder is in the list', () => {
  expect(policies.map(({ name }) => name).toSorted()).toEqual(folders.toSorted());
});

for (const { name } of policies) {
  const { examples } = (await import(`./${name}/examples.ts`)) as { examples: readonly PolicyExample[] };

  test(`${name} has examples that use it`, () => {
    expect(examples.length).toBeGreaterThan(0);
    for (const { route } of examples) expect(JSON.stringify(route.policies)).toContain(`"${name}"`);
  });

  const requests = examples.flatMap((example) => example.requests.map((request) => ({ example, request })));
  for (const { example, request } of requests) {
    test(`${name}, ${example.title}: ${request.says}`, () => {
      const decision = runExample(example, request);
      expect(asExpected(decision, request.send?.headers, request.expect), JSON.stringify(decision)).toEqual(
        request.expect,
      );
    });
  }
}
