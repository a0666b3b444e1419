import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { envExample, parseConfig, secret, variable } from './config.js';

const folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = z.object({
  port: variable('PORT', z.coerce.number().int().min(0).max(65_535).default(8080), 'the port to listen on'),
  control: z.object({
    url: variable('CONTROL_URL', z.url(), 'the URL of the control API'),
    token: secret('FLEET_TOKEN', z.string().min(8), "the fleet's token"),
  }),
});

test('a valid environment becomes a nested object that cannot be changed', () => {
  const result = parseConfig(schema, { CONTROL_URL: 'http://localhost:4000', FLEET_TOKEN: 'abcdefgh', PORT: '' });
  expect(result).toEqual({
    ok: true,
    config: { port: 8080, control: { url: 'http://localhost:4000', token: 'abcdefgh' } },
  });
  expect(result.ok && Object.isFrozen(result.config.control)).toBe(true);
});

test('every wrong name is told at once, with its remedy, and no value', () => {
  const result = parseConfig(schema, { PORT: '70000', CONTROL_URL: 'n0t-a-url', FLEET_TOKEN: 's3cr3t' });
  const errors = result.ok ? [] : result.errors;
  expect(errors.map((error) => error.name)).toEqual(['PORT', 'CONTROL_URL', 'FLEET_TOKEN']);
  expect(errors[1]?.remedy).toContain('the URL of the control API');
  expect(JSON.stringify(errors)).not.toMatch(/70000|n0t-a-url|s3cr3t/);
});

test('a missing name says that it is missing', () => {
  const result = parseConfig(schema, { FLEET_TOKEN: 'abcdefgh' });
  expect(!result.ok && result.errors).toEqual([
    { name: 'CONTROL_URL', reason: 'is missing', remedy: 'set it to the URL of the control API' },
  ]);
});

test('a secret may stand in a file, and not in both places', () => {
  const file = join(folder, 'token');
  writeFileSync(file, 'from-a-file\n');
  const good = parseConfig(schema, { CONTROL_URL: 'http://c', FLEET_TOKEN_FILE: file });
  expect(good.ok && good.config.control.token).toBe('from-a-file');
  const both = parseConfig(schema, { CONTROL_URL: 'http://c', FLEET_TOKEN: 'abcdefgh', FLEET_TOKEN_FILE: file });
  expect(!both.ok && both.errors.map((error) => error.name)).toEqual(['FLEET_TOKEN']);
  const absent = parseConfig(schema, { CONTROL_URL: 'http://c', FLEET_TOKEN_FILE: join(folder, 'none') });
  expect(!absent.ok && absent.errors[0]).toMatchObject({
    name: 'FLEET_TOKEN_FILE',
    reason: 'names a file that cannot be read (ENOENT)',
  });
});

test('the example names every variable, its meaning and its default', () => {
  expect(envExample(z.object({ folder: variable('FOLDER', z.string().optional(), 'a folder') }))).toBe(
    '# a folder\n# FOLDER=\n',
  );
  expect(envExample(schema)).toBe(
    "# the port to listen on\n# PORT=8080\n\n# the URL of the control API\nCONTROL_URL=\n\n# the fleet's token (or FLEET_TOKEN_FILE: a file that holds it)\nFLEET_TOKEN=\n",
  );
});
