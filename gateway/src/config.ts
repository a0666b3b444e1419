// The gateway's environment, parsed once. Nothing else reads `process.env`.
import { isIP } from 'node:net';
import { availableParallelism, hostname } from 'node:os';
import { secret, variable } from '@sluice/runtime';
import type { Config } from '@sluice/runtime';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { isSigningKey } from './identity/signing-key.js';
import { samplers } from './ops/traces/sampler.js';

const portSchema = z.coerce.number().int().min(0).max(65_535);

export const configSchema = z.object({
  control: z.object({
    url: variable(
      'CONTROL_URL',
      z.url({ protocol: /^https?$/ }),
      'the URL of the control API, such as http://control-api:4000',
    ),
    token: secret(
      'FLEET_TOKEN',
      z.string().min(16),
      "the fleet's token (16 characters at least), as the control API shows it",
    ),
  }),
  gatewayId: variable(
    'GATEWAY_ID',
    z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/)
      .default(idOfHost),
    'a name that no other gateway of the fleet has: 1 to 64 of A-Z, a-z, 0-9 and dashes',
  ),
  listen: z.object({
    host: variable('HOST', z.string().min(1).default('0.0.0.0'), 'the address to listen on'),
    port: variable('PORT', portSchema.default(8080), 'the port for traffic'),
    threads: variable(
      'THREADS',
      z.coerce.number().int().min(1).max(256).default(availableParallelism),
      'how many worker threads share the port',
    ),
  }),
  tls: z.object({
    port: variable(
      'TLS_PORT',
      portSchema.default(8443),
      'the port for traffic over TLS, where TLS_CERTIFICATES_DIR is set',
    ),
    certificatesDir: variable(
      'TLS_CERTIFICATES_DIR',
      z.string().min(1).optional(),
      'a folder with certificates, each as <name>.crt (PEM, with its chain) and <name>.key; without it there is no TLS port',
    ),
  }),
  ops: z.object({
    port: variable(
      'OPS_PORT',
      portSchema.default(8081),
      'the port for /healthz, /readyz, /metrics and /identity/jwks.json',
    ),
  }),
  metrics: z.object({
    mostEnvironments: variable(
      'METRICS_MAX_ENVIRONMENTS',
      z.coerce.number().int().min(0).max(4000).default(50),
      'how many environments, the busiest, have metrics of their own; all others are counted together under tenant="other"',
    ),
  }),
  accessLog: variable(
    'ACCESS_LOG',
    z.string().min(1).default('off'),
    'where a line of JSON for each request goes: off, stdout, or the path of a file, which SIGHUP opens anew',
  ),
  traces: z.object({
    endpoint: variable(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      z.url({ protocol: /^https?$/ }).optional(),
      'the URL of an OpenTelemetry collector that takes OTLP over HTTP, such as http://collector:4318; without it nothing is traced',
    ),
    protocol: variable(
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      z.enum(['http/json']).default('http/json'),
      'http/json: what this gateway speaks, and every collector at its HTTP port understands',
    ),
    headers: secret(
      'OTEL_EXPORTER_OTLP_HEADERS',
      z
        .string()
        .default('')
        .transform(splitList)
        .refine((list) => list.every(isHeader), 'not a list of name=value')
        .transform((list) => Object.fromEntries(list.map(headerOf))),
      'headers for the collector as name=value, parted by commas, values percent-encoded, such as authorization=Bearer%20abc',
    ),
    timeoutMs: variable(
      'OTEL_EXPORTER_OTLP_TIMEOUT',
      z.coerce.number().int().min(1).max(600_000).default(10_000),
      'milliseconds that the collector may take for one batch',
    ),
    service: variable(
      'OTEL_SERVICE_NAME',
      z.string().min(1).max(255).default('sluice-gateway'),
      'what traces call this service',
    ),
    sampler: variable(
      'OTEL_TRACES_SAMPLER',
      z.enum(samplers).default('parentbased_always_on'),
      `which traces are recorded: one of ${samplers.join(', ')}; with parentbased_ a client's sampled flag decides`,
    ),
    ratio: variable(
      'OTEL_TRACES_SAMPLER_ARG',
      z.coerce.number().min(0).max(1).default(1),
      'the share of traces that traceidratio records, from 0 to 1',
    ),
    scheduleMs: variable(
      'OTEL_BSP_SCHEDULE_DELAY',
      z.coerce.number().int().min(1).max(600_000).default(5000),
      'milliseconds that spans wait for others to be sent with',
    ),
    mostQueued: variable(
      'OTEL_BSP_MAX_QUEUE_SIZE',
      z.coerce.number().int().min(1).max(1_000_000).default(8192),
      'how many spans may wait for the collector; those beyond are dropped and counted',
    ),
  }),
  drain: z.object({
    delayMs: variable(
      'DRAIN_DELAY_MS',
      z.coerce.number().int().min(0).max(300_000).default(0),
      'milliseconds between /readyz saying no and the port closing, so that load balancers have looked',
    ),
    boundMs: variable(
      'DRAIN_BOUND_MS',
      z.coerce.number().int().min(0).max(3_600_000).default(10_000),
      'milliseconds that what is in flight may take at the end of the process',
    ),
    shipBoundMs: variable(
      'SHIP_BOUND_MS',
      z.coerce.number().int().min(0).max(4000).default(3000),
      'milliseconds that the end of the process then waits for its last records to be acknowledged; the rest is shipped by the next start',
    ),
    replaceItself: variable(
      'REPLACE_ITSELF',
      z
        .enum(['0', '1'])
        .default('0')
        .transform((value) => value === '1'),
      '1 where the supervisor of this process follows gateway.pid: after a fault of a thread a new process takes over; with 0 this one drains and ends with status 1',
    ),
    takeOverBoundMs: variable(
      'TAKE_OVER_BOUND_MS',
      z.coerce.number().int().min(0).max(86_400_000).default(300_000),
      'milliseconds that what is in flight may take when a new version has taken over the port',
    ),
  }),
  overload: z.object({
    mostConnections: variable(
      'MAX_CONNECTIONS',
      z.coerce.number().int().min(1).max(10_000_000).default(16_384),
      'how many connections of clients may be open; beyond it those without a request are closed, then new ones refused',
    ),
    mostConnectionsPerAddress: variable(
      'MAX_CONNECTIONS_PER_ADDRESS',
      z.coerce.number().int().min(0).max(10_000_000).default(0),
      'how many connections one client address may have open (an IPv6 network of 64 bits counts as one); 0: no bound, as behind a load balancer',
    ),
    shedDelayMs: variable(
      'SHED_DELAY_MS',
      z.coerce.number().int().min(0).max(60_000).default(50),
      'milliseconds that every event of a thread must have waited for a second until requests are shed; 0: never',
    ),
  }),
  dataDir: variable(
    'DATA_DIR',
    z.string().min(1).default('data/gateway'),
    'a folder for the spool and the last good snapshot',
  ),
  spool: z.object({
    maxBytes: variable(
      'SPOOL_MAX_BYTES',
      z.coerce.number().int().min(1_048_576).default(2_147_483_648),
      'how many bytes of records may wait on the disk, 1048576 at least; beyond it they are shed and counted, and traffic goes on',
    ),
  }),
  recordBeginAfterMs: variable(
    'RECORD_BEGIN_AFTER_MS',
    z.coerce.number().int().min(100).max(86_400_000).default(10_000),
    'milliseconds after which a request that goes on, such as a stream, leaves a record of its begin; that of its end follows',
  ),
  limits: z.object({
    redisUrls: secret(
      'REDIS_LIMITS_URL',
      z
        .string()
        .min(1)
        .transform(splitList)
        .pipe(z.array(z.url({ protocol: /^rediss?$/ })).min(1)),
      'the URL of the Redis that counts limits, or those of the nodes of a Redis Cluster, parted by commas',
    ),
  }),
  queue: z.object({
    redisUrl: secret(
      'REDIS_QUEUE_URL',
      z.url({ protocol: /^rediss?$/ }),
      'the URL of the Redis that carries the queue',
    ),
  }),
  upstream: z.object({
    allow: variable(
      'UPSTREAM_ALLOW',
      z
        .string()
        .default('')
        .transform(splitList)
        .refine((list) => list.every(isCidr), 'not a list of address ranges'),
      'address ranges, parted by commas, that upstreams may resolve to besides public ones, such as 10.0.0.0/8,127.0.0.0/8',
    ),
    certificatesDir: variable(
      'UPSTREAM_CERTIFICATES_DIR',
      z.string().min(1).optional(),
      'a folder with the client certificates that tenants may name for their upstreams: <tenant id>/<name>.crt and .key, in PEM; without it there are none',
    ),
    dnsServers: variable(
      'UPSTREAM_DNS',
      z
        .string()
        .default('')
        .transform(splitList)
        .refine((list) => list.every(isDnsServer), 'not a list of DNS servers'),
      "DNS servers, parted by commas, as address or address:port, that are asked first for the names in tenants' documents; then, and without it, the system's",
    ),
  }),
  identity: z.object({
    cpuMsPerSecond: variable(
      'IDENTITY_CPU_MS_PER_SECOND',
      z.coerce.number().int().min(1).max(100_000).default(250),
      "CPU milliseconds a second that this gateway spends on checking one tenant's signatures and passwords",
    ),
    cpuBurstMs: variable(
      'IDENTITY_CPU_BURST_MS',
      z.coerce.number().int().min(1).max(1_000_000).default(2500),
      'how many of these milliseconds a tenant may save up and have spent at once',
    ),
    signingKey: secret(
      'IDENTITY_SIGNING_KEY',
      z.string().refine(isSigningKey, 'not a private JWK for Ed25519 or P-256').optional(),
      'a private JWK (Ed25519 or P-256) that X-Sluice-Identity is signed with, the same for every gateway; without it each makes its own at its start',
    ),
    armSecret: secret(
      'ARM_OVERRIDE_SECRET',
      z.string().min(32).optional(),
      "the fleet's secret (32 characters at least) for signed X-Sluice-Arm headers; without it none is believed",
    ),
  }),
  maxSnapshotAgeMs: variable(
    'MAX_SNAPSHOT_AGE_MS',
    z.coerce.number().int().min(1000).default(86_400_000),
    'milliseconds without contact to the control API after which /readyz fails',
  ),
  logLevel: variable(
    'LOG_LEVEL',
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    'one of trace, debug, info, warn, error, silent',
  ),
});

export type GatewayConfig = Config<z.infer<typeof configSchema>>;

function idOfHost(): string {
  return `gw-${hostname().replaceAll(/[^A-Za-z0-9-]/g, '-')}`.slice(0, 64);
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function isHeader(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+=(?:[^%\s]|%[2-7][0-9A-Fa-f])*$/.test(text);
}

function headerOf(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), decodeURIComponent(text.slice(at + 1))];
}

function isCidr(text: string): boolean {
  return ipaddr.isValidCIDR(text);
}

function isDnsServer(text: string): boolean {
  const { address = '', port = '53' } =
    /^(?:\[(?<address>[^\]]+)\]|(?<address>[^:]+))(?::(?<port>\d{1,5}))?$/.exec(text)?.groups ?? {};
  return isIP(text) !== 0 || (isIP(address) !== 0 && Number(port) <= 65_535);
}
