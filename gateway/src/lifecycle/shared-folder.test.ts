import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bootFileIn, formerOf, leftText, runningText } from '../limits/boot-file.js';
import { GenerationBootFile, PidFile } from './shared-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-generations-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const generation = (isSuccessor: boolean): GenerationBootFile =>
  new GenerationBootFile(bootFileIn(folder), isSuccessor);
const onDisk = () => formerOf(bootFileIn(folder), 1);

test('a process that takes over calls the one before it neither lost nor left, because it lives', () => {
  const older = generation(false);
  older.write(runningText('boot_1'));
  expect(formerOf(generation(true), 1)).toEqual({ state: 'none' });
  expect(formerOf(generation(false), 1)).toEqual({ state: 'lost', bootId: 'boot_1' });
});

test('once it is passed on, what the older one leaves behind does not hide that the younger one runs', () => {
  const older = generation(false);
  older.write(runningText('boot_1'));
  generation(true).write(runningText('boot_2'));
  older.passOn();
  older.write(leftText('boot_1', []));
  expect(onDisk()).toEqual({ state: 'lost', bootId: 'boot_2' });
});

test('after a take-over that failed the file is the older one’s again', () => {
  const older = generation(false);
  older.write(runningText('boot_1'));
  generation(true).write(runningText('boot_2'));
  older.reclaim();
  expect(onDisk()).toEqual({ state: 'lost', bootId: 'boot_1' });
});

test('gateway.pid names who serves, and is removed by nobody else', () => {
  const file = join(folder, 'gateway.pid');
  const pidFile = new PidFile(folder);
  pidFile.write();
  expect(readFileSync(file, 'utf8')).toBe(`${process.pid}\n`);
  writeFileSync(file, '1\n');
  pidFile.remove();
  expect(readFileSync(file, 'utf8')).toBe('1\n');
  pidFile.write();
  pidFile.remove();
  expect(() => readFileSync(file)).toThrow('ENOENT');
});
