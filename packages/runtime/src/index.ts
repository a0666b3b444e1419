// What every Node process of Sluice needs: its environment, log, metrics, operations port and end.
export { assertNever } from './assert-never.js';
export { envExample, parseConfig, readConfig, secret, variable } from './config.js';
export type { Config, ConfigError, ConfigResult, Environment } from './config.js';
export { createLogger } from './logger.js';
export type { Logger } from './logger.js';
export { Counter, createMetrics, Gauge, Histogram, readCounter, readGauge, Registry } from './metrics.js';
export { descriptorOf, startOpsServer } from './ops-server.js';
export type { Check, CheckResult, OpsServer } from './ops-server.js';
export { onShutdown } from './shutdown.js';
