// Reads the environment, starts, and ends in order when told to.
import { createLogger, onShutdown, readConfig } from '@sluice/runtime';
import { configSchema } from './config.js';
import { run } from './run.js';

const config = readConfig(configSchema);
const logger = createLogger('log-worker', config.logLevel);
const worker = await run(config, logger);
onShutdown(async () => worker.stop(), { logger });
