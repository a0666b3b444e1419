// SIGUSR2: the program that now lies on the disk takes the port over, and this process drains and ends. A second one while
// the first is under way is ignored. docs/operations/processes.md says it for who runs a gateway.
import type { Logger } from '@sluice/runtime';
import type { Gateway } from '../gateway.js';
import { raiseSuccessor } from './raise-successor.js';

// A snapshot of a thousand tenants, fetched anew, takes seconds; waiting costs nothing, because this one serves meanwhile.
const servesWithinMs = 120_000;

/** Returns what to call when this process is to end: a successor that does not serve yet ends too. */
export function followTakeOver(gateway: Gateway, logger: Logger): () => void {
  const stopping = new AbortController();
  let isUnderWay = false;
  const begin = async (): Promise<void> => {
    if (isUnderWay || gateway.isDraining) {
      logger.warn('SIGUSR2 is ignored: a take-over or a drain is under way');
      return;
    }
    // The end of a container's first process is the end of the container, and of the new version in it.
    if (process.pid === 1) {
      logger.error('SIGUSR2 is ignored: this is the first process of its container; start a new container instead');
      return;
    }
    isUnderWay = true;
    logger.info('SIGUSR2: starting the program anew, to take the port over');
    const successor = await raiseSuccessor(gateway.estate, logger, servesWithinMs, stopping.signal);
    isUnderWay = false;
    if (successor === undefined) {
      gateway.keep();
      return;
    }
    logger.info({ successor: successor.pid }, 'the new version serves; draining');
    await gateway.drainAfterTakeOver();
    logger.info('drained');
    process.exit(0);
  };
  process.on('SIGUSR2', () => {
    begin().catch((error: unknown) => logger.error({ err: error }, 'the take-over failed'));
  });
  return () => stopping.abort();
}
