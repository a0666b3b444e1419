import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, waitFor } from '@sluice/local-stack';
import { createLogger } from '@sluice/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { TakeOver } from './take-over.js';

test('a fault while a take-over is under way that then fails is answered all the same', async () => {
  await using folder = await temporaryFolder();
  // The next version: it ends as soon as it hears what it inherits.
  const program = join(folder.path, 'next.mjs');
  writeFileSync(program, "process.once('message', () => process.exit(1));");
  const { argv } = process;
  onTestFinished(() => void (process.argv = argv));
  process.argv = [process.execPath, program];

  const log: string[] = [];
  const unused = async (): Promise<void> => Promise.reject(new Error('nobody took over'));
  const takeOver = new TakeOver(
    {
      estate: { traffic: [2], tls: [], ops: 2, signingKey: '' },
      isDraining: false,
      drain: unused,
      drainAfterTakeOver: unused,
      keep: () => void log.push('kept'),
    },
    createLogger('test', 'silent'),
  );
  takeOver.begin('SIGUSR2', () => void log.push('the first failed'));
  takeOver.begin('a thread has failed', () => void log.push('the fault is answered'));
  expect(log).toEqual([]);
  await waitFor(() => log.length >= 3, { what: 'both have been told' });
  expect(log).toEqual(['kept', 'the first failed', 'the fault is answered']);
});
