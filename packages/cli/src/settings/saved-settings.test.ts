// What login keeps, and where.
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSettings, saveSettings, settingsFile } from './saved-settings.js';

let folder: TemporaryFolder;
let io: { env: Record<string, string> };

beforeEach(async () => {
  folder = await temporaryFolder();
  io = { env: { HOME: '/nowhere', XDG_CONFIG_HOME: folder.path } };
});
afterEach(async () => {
  await folder.remove();
});

test('what is saved is read again, and replaces what was there, readable by its owner alone', async () => {
  const file = settingsFile(io);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, '{}');
  await chmod(file, 0o644);
  const settings = { url: 'http://127.0.0.1:4000', token: 'slp_secret', tenant: 'acme' };
  expect(await saveSettings(io, settings)).toBe(file);
  expect(await readSettings(io)).toEqual(settings);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('nothing saved is nobody signed in; what is not ours is named, and not shown', async () => {
  expect(await readSettings(io)).toBeUndefined();
  await mkdir(dirname(settingsFile(io)), { recursive: true });
  await writeFile(settingsFile(io), '{"token":"slp_secret"');
  const error = await readSettings(io).catch((reason: unknown) => reason);
  expect(String(error)).toContain(settingsFile(io));
  expect(String(error)).not.toContain('slp_secret');
  expect(await readFile(settingsFile(io), 'utf8')).toBe('{"token":"slp_secret"');
});

test('a relative XDG_CONFIG_HOME counts as none', () => {
  expect(settingsFile({ env: { HOME: '/home/me', XDG_CONFIG_HOME: 'here' } })).toBe(
    join('/home/me', '.config', 'sluice', 'config.json'),
  );
});
