// YAML read where nobody waits for it. A text of a megabyte takes about a second, for which the process would answer nobody;
// so what is not short goes to a thread of its own, one at a time, tenant by tenant, and is given up after a deadline.
import { Worker } from 'node:worker_threads';
import type { FieldError } from '@sluice/contracts';
import { currentRequest } from '../audit/current-request.js';
import { readYaml, type Position } from './read-yaml.js';
import { Turns } from './turns.js';

export interface Asked {
  readonly text: string;
  /** Of which the positions are wanted. */
  readonly pointers: readonly string[];
}

export interface Told {
  readonly value: unknown;
  /** Why it cannot be read; then `value` is of no use. */
  readonly errors: readonly FieldError[];
  readonly positions: readonly (Position | undefined)[];
}

const shortLength = 32 * 1024;
const deadlineMs = 15_000;
const memoryMb = 768;
const turns = new Turns(4);

export async function readAside(asked: Asked): Promise<Told> {
  if (asked.text.length > shortLength)
    return turns.take(currentRequest()?.access?.tenantId ?? '', async () => inThread(asked));
  const { value, errors, positionOf } = readYaml(asked.text);
  return { value, errors, positions: asked.pointers.map(positionOf) };
}

/** Never rejects: what makes the thread fail is the text. */
async function inThread(asked: Asked): Promise<Told> {
  const worker = new Worker(new URL('./reading-thread.js', import.meta.url), {
    workerData: asked,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  const told = await new Promise<Told | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), deadlineMs);
    const settle = (result: Told | undefined): void => {
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
