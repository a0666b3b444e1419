import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.js';
import { lockFolder } from './lock.js';
import { loadSecrets } from './secrets.js';

test('a folder whose platform runs is refused with its process, and free again after its end', async () => {
  await using folder = await temporaryFolder();
  const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'start'], { stdio: 'ignore' });
  await once(owner, 'spawn');
  writeFileSync(join(folder.path, 'running.pid'), String(owner.pid));
  expect(lockFolder(folder.path)).toEqual({ ok: false, pid: owner.pid });
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  const taken = lockFolder(folder.path);
  expect(taken.ok).toBe(true);
  expect(await readFile(join(folder.path, 'running.pid'), 'utf8')).toBe(String(process.pid));
});

test('secrets are made once, differ, and only their owner may read them', async () => {
  await using folder = await temporaryFolder();
  const first = await loadSecrets(folder.path);
  expect(await loadSecrets(folder.path)).toEqual(first);
  expect(new Set(Object.values(first)).size).toBe(Object.values(first).length);
  expect((await stat(join(folder.path, 'secrets.json'))).mode & 0o777).toBe(0o600);
});

test('a broken secrets file is an error that names it, and is not overwritten', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'secrets.json');
  writeFileSync(path, '{"authSecret":');
  await expect(loadSecrets(folder.path)).rejects.toThrow(path);
  expect(await readFile(path, 'utf8')).toBe('{"authSecret":');
});
