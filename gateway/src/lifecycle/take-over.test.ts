import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, waitFor } from '@sluice/local-stack';
import { createLogger } from '@sluice/runtime';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Gateway } from '../gateway.js';
import { TakeOver } from './take-over.js';

/** The gateway that is taken over from, by a program of this text. */
async function takenOverBy(program: string, parts: Partial<Gateway>): Promise<TakeOver> {
  const folder = await temporaryFolder();
  const file = join(folder.path, 'next.mjs');
  writeFileSync(file, program);
  const { argv } = process;
  process.argv = [process.execPath, file];
  onTestFinished(async () => {
    process.argv = argv;
    await folder.remove();
  });
  const unused = async (): Promise<void> => Promise.reject(new Error('nobody asked for it'));
  const gateway: Gateway = {
    estate: { traffic: [2], tls: [], ops: 2, signingKey: '' },
    isDraining: false,
    drain: unused,
    drainAfterTakeOver: unused,
    keep: () => undefined,
    ...parts,
  };
  return new TakeOver(gateway, createLogger('test', 'silent'));
}

test('a fault while a take-over is under way that then fails is answered all the same', async () => {
  const log: string[] = [];
  // It ends as soon as it hears what it inherits.
  const takeOver = await takenOverBy("process.once('message', () => process.exit(1));", {
    keep: () => void log.push('kept'),
  });
  takeOver.begin('SIGUSR2', () => void log.push('the first failed'));
  takeOver.begin('a thread has failed', () => void log.push('the fault is answered'));
  expect(log).toEqual([]);
  await waitFor(() => log.length >= 3, { what: 'both have been told' });
  expect(log).toEqual(['kept', 'the first failed', 'the fault is answered']);
});

test('once the new version serves the former one ends, though its own drain fails', async () => {
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  onTestFinished(() => exit.mockRestore());
  const serves = "process.once('message', () => process.send('serving', () => process.disconnect()));";
  const takeOver = await takenOverBy(serves, {
    drainAfterTakeOver: async () => Promise.reject(new Error('the disk is full')),
  });
  let failed = false;
  takeOver.begin('SIGUSR2', () => (failed = true));
  await waitFor(() => failed || exit.mock.calls.length > 0, { what: 'it has ended, or goes on' });
  expect([failed, exit.mock.calls]).toEqual([false, [[1]]]);
});
