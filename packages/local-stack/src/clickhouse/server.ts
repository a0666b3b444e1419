// The ClickHouse process. Promises: an insert is all or nothing (its body is spooled to a file first, so that a body that
// breaks off stores nothing, and data can never run as SQL); a query sees only its own settings; a client that goes away
// stops its query. Refuses what would let SQL reach files or other hosts.
import { createServer } from 'node:http';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Engine } from './engine.js';
import { handleRequest } from './handle-request.js';
import { readServerConfig } from './server-config.js';

const config = readServerConfig(process.env['SLUICE_LOCAL_CLICKHOUSE']);
const spoolDir = join(config.dataDir, 'spool');
// What a killed process left behind was never executed.
await rm(spoolDir, { recursive: true, force: true });
await mkdir(spoolDir, { recursive: true, mode: 0o700 });
const engine = await Engine.open(config.dataDir, { isThrowaway: config.isThrowaway });

const server = createServer({ keepAliveTimeout: 30_000, requestTimeout: 0 }, (req, res) => {
  void handleRequest(req, res, { engine, spoolDir, user: config.user, password: config.password });
});
server.on('error', (error: NodeJS.ErrnoException) => {
  console.error(error.code === 'EADDRINUSE' ? `port ${config.port} is taken by another process` : error.message);
  process.exit(1);
});
server.listen(config.port, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(`clickhouse listens on port ${address.port}`);
});

let isStopping = false;
const stop = (): void => {
  if (isStopping) return;
  isStopping = true;
  server.close();
  server.closeIdleConnections();
  // Queries that are running get five seconds: the parent waits ten before it kills.
  void engine.close(5_000).then(() => {
    process.exit(0);
  });
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
