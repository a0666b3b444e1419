// Reads the config, starts the gateway, handles signals. Nothing else.
import { createLogger, onShutdown, readConfig } from '@sluice/runtime';
import { configSchema } from './config.js';
import { startGateway } from './gateway.js';

const config = readConfig(configSchema);
const logger = createLogger('gateway', config.logLevel);

try {
  const gateway = await startGateway(config, logger, (error) => {
    logger.fatal({ err: error }, 'a thread has died; ending the process, so that it is started anew whole');
    process.exit(1);
  });
  onShutdown(async () => gateway.drain(), { logger });
} catch (error) {
  logger.fatal(error instanceof Error ? error.message : 'the gateway could not start');
  process.exit(1);
}
