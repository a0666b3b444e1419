// The end of a process. SIGTERM, SIGINT and - when SLUICE_EXIT_WITH_PARENT is set - the closing of stdin start one
// drain, which has a bound: a process that cannot finish is ended with status 1. A second Ctrl-C ends it at once; SIGTERM
// beside SIGINT does not, because a terminal sends SIGINT to a whole group whose parent then sends SIGTERM.
import type { Environment } from './config.js';
import type { Logger } from './logger.js';

export interface ShutdownOptions {
  readonly logger: Logger;
  /** How long the drain may take, milliseconds. */
  readonly boundMs?: number;
  readonly env?: Environment;
}

/** Registers what to do before the process ends. Exits 0 when `drain` resolves, 1 when it rejects or takes too long. */
export function onShutdown(
  drain: () => Promise<void>,
  { logger, boundMs = 15_000, env = process.env }: ShutdownOptions,
): void {
  let first: string | undefined;
  const begin = (cause: string): void => {
    if (first !== undefined) {
      if (cause !== 'SIGINT' || first !== 'SIGINT') return;
      logger.warn('ended before the drain was done');
      process.exit(1);
    }
    first = cause;
    logger.info({ cause, boundMs }, 'draining');
    setTimeout(() => {
      logger.error({ boundMs }, 'the drain took too long');
      process.exit(1);
    }, boundMs).unref();
    drain().then(
      () => {
        logger.info('drained');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'the drain failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => begin('SIGTERM'));
  process.on('SIGINT', () => begin('SIGINT'));
  if (env['SLUICE_EXIT_WITH_PARENT'] === undefined || env['SLUICE_EXIT_WITH_PARENT'] === '') return;
  // A parent that dies, even by SIGKILL, closes the pipe.
  process.stdin.once('close', () => begin('stdin closed'));
  process.stdin.resume();
}
