// What a gateway does when one of its threads, the main one too, throws what nothing catches, or ends. The memory that
// threads share (leases, slots of concurrency) may hold what the failed request took, and only a new process is free of it:
// so the process is replaced whole. Everything else that is in flight ends as it would have; nobody but the failed request
// feels it. docs/decisions/0008-take-over.md says why no thread is replaced in place.
import type { Logger } from '@sluice/runtime';
import type { GatewayConfig } from '../config.js';
import type { Gateway } from '../gateway.js';
import type { TakeOver } from './take-over.js';

// A request that fails each process anew must not keep the machine busy with starting processes.
const leastServedMs = 3000;

export interface Faults {
  readonly onFault: (error: Error) => void;
  /** From now on there is something to save. */
  serves(gateway: Gateway, takeOver: TakeOver): void;
}

export function answerFaults({ drain: { replaceItself } }: GatewayConfig, logger: Logger): Faults {
  let serving: { readonly gateway: Gateway; readonly takeOver: TakeOver; readonly sinceMs: number } | undefined;
  let isAnswered = false;
  return {
    onFault: (error) => {
      logger.fatal({ err: error }, 'a thread has failed');
      if (serving === undefined) process.exit(1);
      if (isAnswered) return;
      isAnswered = true;
      const { gateway, takeOver, sinceMs } = serving;
      const end = (): void => void drainAndEnd(gateway, logger);
      if (replaceItself && performance.now() - sinceMs > leastServedMs) takeOver.begin('a thread has failed', end);
      else end();
    },
    serves: (gateway, takeOver) => {
      serving = { gateway, takeOver, sinceMs: performance.now() };
    },
  };
}

async function drainAndEnd(gateway: Gateway, logger: Logger): Promise<void> {
  logger.error('draining, to be started anew whole');
  try {
    await gateway.drain();
  } catch (error) {
    logger.error({ err: error }, 'the drain failed');
  }
  process.exit(1);
}
