// YAML read where nobody waits for it. A text of a megabyte takes about a second, for which the process would answer nobody;
// so what is not short goes to a thread of its own, one at a time, tenant by tenant, and is given up after a deadline.
import { Worker } from 'node:worker_threads';
import type { FieldError } from '@sluice/contracts';
import { readHere, type AskedText, type ToldText } from '@sluice/engine/document';
import { currentRequest } from '../audit/current-request.js';
import { Turns } from './turns.js';

const shortLength = 32 * 1024;
const deadlineMs = 15_000;
const memoryMb = 768;
const turns = new Turns(4);

export async function readAside(asked: AskedText): Promise<ToldText> {
  if (asked.text.length > shortLength)
    return turns.take(currentRequest()?.access?.tenantId ?? '', async () => inThread(asked));
  return readHere(asked);
}

/** Never rejects: what makes the thread fail is the text. */
async function inThread(asked: AskedText): Promise<ToldText> {
  const worker = new Worker(new URL('./reading-thread.js', import.meta.url), {
    workerData: asked,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  const told = await new Promise<ToldText | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), deadlineMs);
    const settle = (result: ToldText | undefined): void => {
      clearTimeout(timer);
      resolve(result);
    };
    worker.once('message', settle);
    worker.once('error', () => settle(undefined));
    worker.once('exit', () => settle(undefined));
  });
  await worker.terminate();
  return told ?? { value: undefined, errors: [tooMuch], positions: [] };
}

const tooMuch: FieldError = {
  pointer: '',
  message: 'the text takes too long to read as YAML',
  fix: 'send it as JSON, or in parts with apply',
};
