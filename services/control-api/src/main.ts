// The control plane: the only process that talks to Postgres. Reads the config, starts, and ends in order. The rest is loaded
// after the config has been read, so that a wrong environment is told at once.
import { createLogger, onShutdown, readConfig } from '@sluice/runtime';
import { configSchema } from './config.js';
import { loggableError } from './database/loggable-error.js';

const config = readConfig(configSchema);
const logger = createLogger('control-api', config.log.level);

try {
  const { startControlApi } = await import('./start-control-api.js');
  const running = await startControlApi(config, logger);
  onShutdown(async () => running.stop(), { logger });
  logger.info({ port: running.port, opsPort: running.opsPort }, 'listening');
} catch (error) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    logger.fatal(
      { port: config.http.port, opsPort: config.ops.port },
      'a port is taken: stop what listens there, or set PORT and OPS_PORT',
    );
  else logger.fatal({ error: loggableError(error) }, 'control-api could not start');
  // What is open would hold the process; the log has time to drain.
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 500).unref();
}
