// Reads the environment, starts, and ends in order when told to.
import { createLogger, onShutdown, readConfig } from '@sluice/runtime';
import { configSchema } from './config.js';
import { run } from './run.js';

const config = readConfig(configSchema);
const logger = createLogger('log-worker', config.logLevel);
try {
  const worker = await run(config, logger);
  onShutdown(async () => worker.stop(), { logger });
} catch (error) {
  logger.fatal(inWords(error));
  process.exit(1);
}

// The operations port is all that a start can fail at: Redis and ClickHouse are waited for.
function inWords(error: unknown): string {
  const { port } = config.ops;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `OPS_PORT: ${port} is taken by another process; end that one, or set OPS_PORT to a free port`;
  if (code === 'EACCES') return `OPS_PORT: this process may not listen on ${port}; set OPS_PORT to one above 1023`;
  return error instanceof Error ? error.message : String(error);
}
