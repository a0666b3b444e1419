// Loaded into a gateway by NODE_OPTIONS: its first worker thread fails when the file that FAULT_FILE names appears, by what
// the file says: `throw` or `exit`. Its main thread does by `throw in main`.
import { readFileSync, rmSync } from 'node:fs';
import { isMainThread, workerData } from 'node:worker_threads';

const file = process.env['FAULT_FILE'];

const isFirst = !isMainThread && (workerData as { thread?: number } | null)?.thread === 0;
const own = isMainThread ? ['throw in main'] : isFirst ? ['throw', 'exit'] : [];

if (file !== undefined && own.length > 0) {
  const timer = setInterval(() => {
    const what = contentOf(file);
    if (what === undefined || !own.includes(what)) return;
    clearInterval(timer);
    // The process that takes over does not meet it.
    rmSync(file);
    if (what === 'exit') process.exit(1);
    throw new Error('a planted fault');
  }, 20);
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
