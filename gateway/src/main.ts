// Reads the config, starts the gateway, handles signals and faults. Nothing else.
import './v8-flags.js';
import { createLogger, onShutdown, readConfig } from '@sluice/runtime';
import { configSchema } from './config.js';
import { startGateway } from './gateway.js';
import { drainRestMs } from './lifecycle/drain.js';
import { inheritedEstate } from './lifecycle/estate.js';
import { TakeOver } from './lifecycle/take-over.js';
import { answerFaults } from './lifecycle/answer-faults.js';

const config = readConfig(configSchema);
const logger = createLogger('gateway', config.logLevel);
// Until it serves there is nothing to take over, and Node would end the process.
const ignore = (): void => logger.warn('SIGUSR2 is ignored: this gateway does not serve yet');
process.on('SIGUSR2', ignore);

try {
  const faults = answerFaults(config, logger);
  // The main thread too: what it leases and keeps for the others has deadlines, so that nothing is granted twice by its fault.
  process.on('uncaughtException', faults.onFault);
  const gateway = await startGateway(config, logger, await inheritedEstate(), faults.onFault);
  const takeOver = new TakeOver(gateway, logger);
  process.off('SIGUSR2', ignore);
  process.on('SIGUSR2', () => takeOver.begin('SIGUSR2'));
  faults.serves(gateway, takeOver);
  const drain = async (): Promise<void> => {
    takeOver.abort();
    await gateway.drain();
  };
  const { delayMs, boundMs } = config.drain;
  onShutdown(drain, { logger, boundMs: delayMs + boundMs + drainRestMs.ofAll });
} catch (error) {
  logger.fatal(error instanceof Error ? error.message : 'the gateway could not start');
  process.exit(1);
}
