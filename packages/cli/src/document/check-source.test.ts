// Checking without a control plane: every error at its line, and nothing that hangs or breaks.
import { expect, test } from 'vitest';
import { checkSource } from './check-source.js';

const check = (text: string) => checkSource({ text, contentType: 'application/yaml' });

const good = `sluice: 1
upstreams:
  users: { targets: [{ url: "http://users.example.com" }] }
apis:
  users:
    title: Users
    routes:
      - name: all
        match: { hosts: [api.example.com, "*.example.org"], path: { prefix: /users } }
        split: { arms: [{ name: stable, upstream: users, weight: 10000 }] }
plans:
  free: { title: Free, apis: [users], limits: [{ window: 100/minute }] }
`;

test('a good document has no errors, as YAML and as JSON, whatever hosts it names', async () => {
  expect(await check(good)).toEqual([]);
  expect(await check('{"sluice":1}')).toEqual([]);
  expect(await check('sluice: 1\n$schema: https://example.com/document.schema.json\n')).toEqual([]);
});

test('versions that are told apart by host need no host that only the control plane knows', async () => {
  const byHost = good.replace('title: Users', 'title: Users\n    version: v2\n    versioning: { by: host }');
  expect(await check(byHost.replace(', "*.example.org"', ''))).toEqual([]);
  expect(await check(byHost.replace('hosts: [api.example.com, "*.example.org"], ', ''))).toEqual([]);
});

test('what the schema refuses stands at the line and column of its name', async () => {
  expect(await check(good.replace('weight: 10000', 'weight: 9000'))).toMatchObject([
    { pointer: '/apis/users/routes/0/split/arms', line: 10, column: 18, fix: 'make the weights sum to 10000' },
  ]);
  expect(await check('{\n  "sluice": 2\n}')).toMatchObject([{ pointer: '/sluice', line: 2, column: 3 }]);
});

test('what the engine refuses too, as gateways would', async () => {
  expect(await check(good.replace('upstream: users', 'upstream: nobody'))).toMatchObject([
    { pointer: '/apis/users/routes/0/split/arms/0/upstream', line: 10 },
  ]);
  expect(await check(good.replace('apis: [users]', 'apis: [others]'))).toMatchObject([
    { pointer: '/plans/free/apis/0', line: 12, column: 31 },
  ]);
});

test('errors come in the order of the text', async () => {
  const found = await check(
    good.replace('apis: [users]', 'apis: [others]').replace('upstream: users', 'upstream: nobody'),
  );
  const lines = found.map(({ line }) => line);
  expect(lines).toEqual([10, 12]);
});

test('what is no YAML is told where it ends to be', async () => {
  const [error] = await check('sluice: 1\nupstreams: [\n');
  expect(error).toMatchObject({ pointer: '', line: 3 });
  expect(await check('sluice: 1\nsluice: 1\n')).toMatchObject([{ line: 2 }]);
  for (const text of ['', 'just words', '- a\n- b', '--- 1\n--- 2'])
    expect((await check(text)).length, text).toBeGreaterThan(0);
});

test('anchors are followed, and those that unfold to too much are refused in no time', async () => {
  expect(
    await check('sluice: 1\nupstreams:\n  a: &a { targets: [{ url: "http://a.example.com" }] }\n  b: *a\n'),
  ).toEqual([]);
  const bomb = Array.from(
    { length: 30 },
    (_, at) => `a${at}: &a${at} [${at === 0 ? 'x' : `*a${at - 1}, *a${at - 1}`}]`,
  );
  expect((await check(bomb.join('\n'))).length).toBeGreaterThan(0);
});
