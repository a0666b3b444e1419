// The access log as the main thread runs it. SIGHUP opens the file anew.
import { readCounter } from '@sluice/runtime';
import type { Logger, Registry } from '@sluice/runtime';
import type { LinesShared } from '../lines.js';
import { LineReader } from '../lines.js';
import { LogFile } from './log-file.js';

export interface AccessLog {
  /** What one thread writes to. */
  open(): LinesShared;
  /** After the threads have handed over all they had. */
  stop(): Promise<void>;
}

/** @param to `off`, `stdout` or a path. Rejects with a sentence for people. */
export async function startAccessLog(to: string, logger: Logger, metrics: Registry): Promise<AccessLog | undefined> {
  if (to === 'off') return undefined;
  const file = await openLog(to, logger);
  const reader = new LineReader((text, count) => file.append(text, count));
  readCounter(metrics, 'sluice_access_log_lines_total', 'Lines of the access log that were written', (metric) =>
    metric.inc(file.written),
  );
  readCounter(
    metrics,
    'sluice_access_log_lines_dropped_total',
    'Lines of the access log that were dropped, because they could not be written, or not fast enough',
    (metric) => metric.inc(file.dropped + reader.dropped),
  );
  const reopen = (): void => file.reopen();
  if (to !== 'stdout') process.on('SIGHUP', reopen);
  return {
    open: () => reader.open(),
    stop: async () => {
      process.off('SIGHUP', reopen);
      await file.close();
    },
  };
}

async function openLog(to: string, logger: Logger): Promise<LogFile> {
  try {
    return await LogFile.open(to === 'stdout' ? undefined : to, (error) =>
      logger.error({ err: error }, 'the access log cannot be written; its lines are dropped and counted'),
    );
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Error(`ACCESS_LOG: ${to} cannot be opened for appending (${code}); give a file in a folder that exists`, {
      cause: error,
    });
  }
}
