import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.js';
import { waitFor } from '../wait-for.js';
import { startProcess } from './start-process.js';

const node = process.execPath;
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('a process that ends before it is ready is an error with its last lines', async () => {
  const start = startProcess({
    name: 'Broken',
    command: node,
    args: ['-e', "console.error('no such file: x'); process.exit(3)"],
    readyLine: /never/,
  });
  await expect(start).rejects.toThrow('Broken ended with code 3 before it was ready. Its last lines:\nno such file: x');
});

test('a program that does not exist is an error that names it', async () => {
  await expect(startProcess({ name: 'Nothing', command: '/no/such/program' })).rejects.toThrow(
    /Nothing did not start: \/no\/such\/program/,
  );
});

test('a process that is not ready in time is killed', async () => {
  const start = startProcess({
    name: 'Slow',
    command: node,
    args: ['-e', "console.log('pid ' + process.pid); setInterval(() => {}, 1000)"],
    readyLine: /never/,
    readyTimeoutMs: 400,
  });
  const message = await start.then(() => '', String);
  expect(message).toContain('Slow was not ready within 400 ms');
  expect(isAlive(Number(/pid (\d+)/.exec(message)?.[1]))).toBe(false);
});

test('stop lets a process finish, and kills one that refuses, with its children', async () => {
  await using folder = await temporaryFolder();
  const logFile = join(folder.path, 'polite.log');
  const polite = await startProcess({
    name: 'Polite',
    command: node,
    args: [
      '-e',
      "process.on('SIGTERM', () => { console.log('bye'); process.exit(0) }); console.log('up'); setInterval(() => {}, 1000)",
    ],
    readyLine: /up/,
    logFile,
  });
  expect(await polite.stop()).toEqual({ code: 0, signal: null });
  await waitFor(async () => (await readFile(logFile, 'utf8')) === 'up\nbye\n', { what: 'the log is written' });

  const stubborn = await startProcess({
    name: 'Stubborn',
    command: '/bin/sh',
    args: ['-c', "trap '' TERM; sleep 1000 & echo child $!; while :; do sleep 1; done"],
    readyLine: /child (\d+)/,
    stopTimeoutMs: 200,
  });
  expect(await stubborn.stop()).toEqual({ code: null, signal: 'SIGKILL' });
  await waitFor(() => !isAlive(Number(stubborn.readyMatch?.[1])), { what: 'the grandchild is gone' });
});

test('children end when their parent is killed', async () => {
  const built = new URL('../../dist/processes/start-process.js', import.meta.url);
  const code = `const { startProcess } = await import(${JSON.stringify(built.href)});
    const a = await startProcess({ name: 'a', command: '/bin/sh', args: ['-c', 'sleep 1000 & echo up; wait'], readyLine: /up/ });
    const b = await startProcess({ name: 'b', command: '/bin/sleep', args: ['1000'] });
    await b.stop();
    console.log('pids ' + a.pid); setInterval(() => {}, 1000);`;
  const parent = spawn(node, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const pid = Number(/pids (\d+)/.exec(line)?.[1]);
  expect(isAlive(-pid)).toBe(true);
  parent.kill('SIGKILL');
  await waitFor(() => !isAlive(-pid), { what: 'the whole process group is gone' });
});
