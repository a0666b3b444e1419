// Reads the config, starts the gateway, handles signals. Nothing else.
import { createLogger, onShutdown, readConfig } from '@sluice/runtime';
import { configSchema } from './config.js';
import { startGateway } from './gateway.js';
import { inheritedEstate } from './lifecycle/estate.js';
import { followTakeOver } from './lifecycle/follow-take-over.js';

// Beside what is in flight: records, leases, threads.
const restMs = 5000;

const config = readConfig(configSchema);
const logger = createLogger('gateway', config.logLevel);
// Until it serves there is nothing to take over, and Node would end the process.
const ignore = (): void => logger.warn('SIGUSR2 is ignored: this gateway does not serve yet');
process.on('SIGUSR2', ignore);

try {
  const gateway = await startGateway(config, logger, await inheritedEstate(), (error) => {
    logger.fatal({ err: error }, 'a thread has died; ending the process, so that it is started anew whole');
    process.exit(1);
  });
  const { delayMs, boundMs } = config.drain;
  process.off('SIGUSR2', ignore);
  const stopTakeOver = followTakeOver(gateway, logger);
  const drain = async (): Promise<void> => {
    stopTakeOver();
    await gateway.drain();
  };
  onShutdown(drain, { logger, boundMs: delayMs + boundMs + restMs });
} catch (error) {
  logger.fatal(error instanceof Error ? error.message : 'the gateway could not start');
  process.exit(1);
}
