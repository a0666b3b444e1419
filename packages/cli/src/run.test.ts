// How runs end and what they print, without a control plane.
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { printable } from './io.js';
import { paintFor } from './output/paint.js';
import { withProgress } from './output/progress.js';
import { writeFailure } from './output/write-failure.js';
import { run } from './run.js';
import type { Why } from './stop.js';

function io(env: Record<string, string> = {}, stdin = '') {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough(), env };
  streams.stdin.end(stdin);
  const read = async (): Promise<{ stdout: string; stderr: string }> => {
    streams.stdout.end();
    streams.stderr.end();
    const [stdout, stderr] = await Promise.all([text(streams.stdout), text(streams.stderr)]);
    return { stdout, stderr };
  };
  return { ...streams, read };
}

async function ran(args: readonly string[], env = {}, stdin = '') {
  const outside = io(env, stdin);
  const code = await run(args, outside);
  return { code, ...(await outside.read()) };
}

test('what is written wrongly ends with 2: in words on stderr, with --json as one value on stdout', async () => {
  const words = await ran(['nonsense']);
  expect(words).toMatchObject({ code: 2, stdout: '' });
  expect(words.stderr).toContain('There is no command "nonsense"');
  const json = await ran(['nonsense', '--json']);
  expect(json).toMatchObject({ code: 2, stderr: '' });
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'usage', exitCode: 2, errors: [] } });
});

test('a file that is not there ends with 2 and names it', async () => {
  const { code, stderr } = await ran(['validate', '/nowhere/sluice.yaml']);
  expect(code).toBe(2);
  expect(stderr).toContain('There is no such file: /nowhere/sluice.yaml.');
});

test('validate reads standard input, ends with 0 or 1, and has its own shape with --json', async () => {
  expect(await ran(['validate', '-'], {}, 'sluice: 1')).toEqual({ code: 0, stdout: 'stdin is valid.\n', stderr: '' });
  const good = await ran(['validate', '-', '--json'], {}, 'sluice: 1');
  expect(JSON.parse(good.stdout)).toEqual({ isValid: true, errors: [] });
  const bad = await ran(['validate', '-', '--json'], {}, 'sluice: 2');
  expect(bad.code).toBe(1);
  expect(JSON.parse(bad.stdout)).toMatchObject({
    isValid: false,
    errors: [{ pointer: '/sluice', line: 1, column: 1 }],
  });
  expect((await ran(['validate', '-'], {}, 'sluice: 2')).stderr).toContain('stdin:1:1 /sluice');
});

test('help is on stdout and ends with 0', async () => {
  expect((await ran([])).stdout).toContain('Commands:');
  expect((await ran(['help', 'keys'])).stdout).toContain('Usage: sluice keys revoke [key]... [options]');
  expect((await ran(['help', 'exit-codes'])).stdout).toContain('  70  a defect');
  expect((await ran(['--version'])).stdout).toMatch(/^sluice \d+\.\d+\.\d+\n$/);
});

test('colours are on terminals alone, and never where NO_COLOR is set', () => {
  const terminal = { isTTY: true };
  expect(paintFor(io(), terminal)('red', 'x')).toBe('\u001B[31mx\u001B[39m');
  expect(paintFor(io({ NO_COLOR: '1' }), terminal)('red', 'x')).toBe('x');
  expect(paintFor(io({ TERM: 'dumb' }), terminal)('red', 'x')).toBe('x');
  expect(paintFor(io(), {})('red', 'x')).toBe('x');
  expect(paintFor(io({ FORCE_COLOR: '1' }), {})('red', 'x')).toBe('\u001B[31mx\u001B[39m');
});

test("a server's text moves no cursor", async () => {
  expect(printable('a\u001B[2Jb\nc\u202E')).toBe('a\uFFFD[2Jb c\uFFFD');
  const outside = io();
  const why: Why = {
    exit: 'refused',
    code: 'x',
    title: 'a\u001B]0;b',
    detail: '\u0007',
    errors: [{ pointer: '/\u001B', message: '\u009B', fix: '\r' }],
  };
  writeFailure(outside, why, false);
  // oxlint-disable-next-line no-control-regex -- they are what must not be there
  expect((await outside.read()).stderr).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
});

test('what is over soon says nothing of waiting', async () => {
  const outside = io();
  expect(await withProgress(outside, 'Waiting', Promise.resolve(7))).toBe(7);
  await expect(withProgress(outside, 'Waiting', Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect((await outside.read()).stderr).toBe('');
});

test('what takes more than two seconds says so once in a log, and every second on a terminal, which it leaves clean', async () => {
  vi.useFakeTimers();
  try {
    for (const isTTY of [false, true]) {
      const outside = io();
      Object.assign(outside.stderr, { isTTY });
      const { promise, resolve } = Promise.withResolvers<void>();
      const waiting = withProgress(outside, 'Waiting', promise);
      vi.advanceTimersByTime(1999);
      expect(outside.stderr.readableLength).toBe(0);
      vi.advanceTimersByTime(2001);
      resolve();
      await waiting;
      outside.stderr.end();
      const written = outside.stderr.read() as Buffer;
      expect(String(written)).toBe(
        isTTY ? [2, 3, 4].map((at) => `\r\u001B[KWaiting (${at} s) …`).join('') + '\r\u001B[K' : 'Waiting …\n',
      );
    }
  } finally {
    vi.useRealTimers();
  }
});
