// What a gateway keeps on its disk about its part in the limits: that it runs, and, when it has left, what it knew. So the
// next process in its place can say whether something is missing that only the former one knew.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Former, LeftBehind } from './membership.js';

/** Where the text lies. Written as a whole, and safe from a power cut once `write` returns. */
export interface BootFile {
  read(): string | undefined;
  write(text: string): void;
}

const leftBehindSchema = z.object({
  holder: z.string(),
  n: z.number(),
  departureMs: z.number(),
  redisMs: z.number(),
  roster: z.string(),
});
const schema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('running'), bootId: z.string() }),
  z.object({ state: z.literal('left'), bootId: z.string(), partitions: z.array(leftBehindSchema) }),
]);

/** A file that cannot be read is one of a process that did not leave. */
export const formerOf = (file: BootFile, partitions: number): Former => {
  const text = file.read();
  if (text === undefined) return { state: 'none' };
  const kept = schema.safeParse(parse(text));
  if (!kept.success) return { state: 'lost', bootId: 'unknown' };
  if (kept.data.state === 'left' && kept.data.partitions.length === partitions)
    return { state: 'left', partitions: kept.data.partitions };
  return { state: 'lost', bootId: kept.data.bootId };
};

export const runningText = (bootId: string): string => JSON.stringify({ state: 'running', bootId });

export const leftText = (bootId: string, partitions: readonly LeftBehind[]): string =>
  JSON.stringify({ state: 'left', bootId, partitions });

/** `limits.json` in the gateway's folder. */
export const bootFileIn = (folder: string): BootFile => {
  const path = join(folder, 'limits.json');
  return {
    read() {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    write(text) {
      mkdirSync(folder, { recursive: true });
      const fresh = `${path}.new`;
      synced(openSync(fresh, 'w', 0o600), (file) => writeSync(file, text));
      renameSync(fresh, path);
      synced(openSync(folder, 'r'), () => {});
    },
  };
};

/** For a gateway without a disk, and for tests: it remembers as long as the process. */
export const memoryBootFile = (): BootFile => {
  let kept: string | undefined;
  return {
    read: () => kept,
    write(text) {
      kept = text;
    },
  };
};

const synced = (file: number, use: (file: number) => void): void => {
  try {
    use(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
