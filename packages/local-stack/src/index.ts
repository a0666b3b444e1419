// Real servers without Docker, for tests and for `npm start`: everything on loopback, everything ends with its parent.
export { bootTestServers, type BootedTestServers } from './boot-test-servers.js';
export { startClickHouse, type ClickHouseOptions, type RunningClickHouse } from './clickhouse/start-clickhouse.js';
export { DnsServer } from './dns-server.js';
export { freePort, isPortFree } from './free-port.js';
export { startMailSink, type Mail, type MailSinkOptions, type RunningMailSink } from './mail/mail-sink.js';
export { startPostgres, type PostgresOptions, type RunningPostgres } from './postgres.js';
export { startProcess, type ProcessExit, type ProcessOptions, type RunningProcess } from './processes/start-process.js';
export { startRedisCluster, type RedisClusterOptions, type RunningRedisCluster } from './redis-cluster.js';
export { startRedis, type RedisOptions, type RunningRedis } from './redis.js';
export { temporaryFolder, type TemporaryFolder } from './temporary-folder.js';
export { waitFor, type WaitForOptions } from './wait-for.js';
export { startPlatform, type Platform, type PlatformOptions, type PlatformUrls } from './platform/platform.js';
export { Service } from './platform/service.js';
