// The environment of control-api, parsed once. Patterns carry a placeholder in braces, which a URL may not contain:
// they are checked with a stand-in.
import { isIP } from 'node:net';
import { secret, variable, type Config as Frozen } from '@sluice/runtime';
import { z } from 'zod';
import { keyOfText } from './secrets/key-text.js';

// Made anew for each variable: a schema is tied to one name.
const httpUrl = () => z.string().refine((text) => isHttpUrl(text), 'not an http:// or https:// URL');
const port = () => z.coerce.number().int().min(0).max(65_535);
const postgresUrl = () => z.string().regex(/^postgres(?:ql)?:\/\/\S+$/, 'not a postgres:// URL');
const patternOf = (placeholder: string) =>
  z
    .string()
    .refine(
      (text) => text.includes(placeholder) && isHttpUrl(text.replace(placeholder, 'x')),
      `not an http:// URL with ${placeholder} in its host`,
    );

export const configSchema = z.object({
  http: z.object({
    port: variable('PORT', port().default(4000), 'the port of the API, such as 4000'),
    host: variable('HOST', z.string().default('127.0.0.1'), 'the address to listen on, such as 0.0.0.0'),
    trustedProxies: variable(
      'TRUSTED_PROXIES',
      z.string().default('loopback'),
      'the addresses whose X-Forwarded-* headers are believed, with commas between; `loopback` and `uniquelocal` name ranges',
    ),
  }),
  api: z.object({
    readsPerMinute: variable(
      'API_READS_PER_MINUTE',
      z.coerce.number().int().min(0).max(1_000_000).default(3000),
      'how many requests that only read one caller may send to one control-api in a minute; 0: no bound',
    ),
    changesPerMinute: variable(
      'API_CHANGES_PER_MINUTE',
      z.coerce.number().int().min(0).max(1_000_000).default(600),
      'how many other requests one caller may send to one control-api in a minute; 0: no bound',
    ),
  }),
  ops: z.object({ port: variable('OPS_PORT', port().default(4001), 'the port for health and metrics, such as 4001') }),
  log: z.object({
    level: variable(
      'LOG_LEVEL',
      z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
      'trace, debug, info, warn, error, fatal or silent',
    ),
  }),
  database: z.object({
    url: secret('DATABASE_URL', postgresUrl(), 'the URL of Postgres for the role sluice_app'),
    authUrl: secret('AUTH_DATABASE_URL', postgresUrl(), 'the URL of Postgres for the role sluice_auth'),
    feedUrl: secret('FEED_DATABASE_URL', postgresUrl(), 'the URL of Postgres for the role sluice_feed'),
  }),
  clickhouse: z.object({
    url: secret(
      'CLICKHOUSE_URL',
      httpUrl(),
      'the URL of ClickHouse, such as http://user:password@127.0.0.1:8123/sluice',
    ),
  }),
  limits: z.object({
    redisUrls: secret(
      'REDIS_LIMITS_URL',
      z
        .string()
        .transform((text) => text.split(',').map((url) => url.trim()))
        .pipe(z.array(z.url({ protocol: /^rediss?$/ })))
        .default([]),
      'the URL of the Redis that counts limits, or those of the nodes of a Redis Cluster, with commas between, so that explanations know what is left; leave it out to do without',
    ),
  }),
  operators: variable(
    'OPERATORS',
    z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((address) => address.trim().toLowerCase())
          .filter((address) => address !== ''),
      )
      .pipe(z.array(z.email('not a list of e-mail addresses')))
      .default([]),
    "the addresses of the platform's operators, with commas between; without it nobody is one",
  ),
  auth: z.object({
    secret: secret(
      'AUTH_SECRET',
      z.string().min(32, 'shorter than 32 characters'),
      '32 random characters or more, the same in every control-api',
    ),
  }),
  secrets: z.object({
    keys: secret(
      'SECRET_KEYS',
      z
        .string()
        .transform((text) => text.split(/[\s,]+/).filter((key) => key !== ''))
        .refine(
          (keys) => keys.length > 0 && keys.every((key) => keyOfText(key) !== undefined),
          'not a list of 32 random bytes each, in base64 or hex',
        ),
      "the keys that the tenants' secrets are sealed by, 32 random bytes each in base64 or hex, with commas or line ends between: the first seals, the others open what it has not sealed anew yet. The same in every control-api. Without them a backup of the database is no backup of the secrets",
    ),
  }),
  fleet: z.object({
    token: secret(
      'FLEET_TOKEN',
      z.string().min(16, 'shorter than 16 characters'),
      'the token of the gateways, 16 random characters or more',
    ),
    domain: variable(
      'FLEET_DOMAIN',
      z
        .string()
        .regex(/^[a-z0-9.-]+$/, 'not a domain in lower case')
        .default('localhost'),
      'the domain below which tenants get their hosts',
    ),
    publicUrl: variable(
      'GATEWAY_PUBLIC_URL',
      patternOf('{host}').default('http://{host}:8080'),
      'where gateways are reached, with {host} for the host',
    ),
  }),
  hosts: z.object({
    proof: variable(
      'HOST_PROOF',
      z.enum(['dns', 'none']).default('dns'),
      'dns: a host of its own serves a tenant once a TXT record proves it. none: whoever claims a host first has it, which is for platforms all of whose tenants trust each other',
    ),
    nameServers: variable(
      'HOST_PROOF_DNS',
      z
        .string()
        .transform((text) =>
          text
            .split(',')
            .map((address) => address.trim())
            .filter((address) => address !== ''),
        )
        .refine((list) => list.every(isNameServer), 'not a list of name servers')
        .default([]),
      "the name servers that are asked for these records, with commas between, as address or address:port; the machine's own without it",
    ),
  }),
  mail: z.object({
    url: secret(
      'MAIL_URL',
      z.string().regex(/^smtps?:\/\/\S+$/, 'not an smtp:// URL'),
      'the URL of a mail server, such as smtp://127.0.0.1:1025',
    ),
    from: variable('MAIL_FROM', z.string().min(3).default('Sluice <no-reply@sluice.localhost>'), 'the sender of mails'),
  }),
  web: z.object({
    consoleUrl: variable('CONSOLE_URL', httpUrl().default('http://localhost:3000'), 'where people reach the console'),
    portalUrl: variable(
      'PORTAL_URL',
      patternOf('{tenant}').default('http://{tenant}.localhost:3000'),
      "where developers reach a tenant's portal, with {tenant} for its slug",
    ),
  }),
  deletion: z.object({
    graceDays: variable(
      'DELETION_GRACE_DAYS',
      z.coerce.number().min(0).max(365).default(30),
      'for how many days a deleted tenant can be restored, before it is purged from every store',
    ),
    settleSeconds: variable(
      'PURGE_DELAY_SECONDS',
      z.coerce.number().min(0).max(86_400).default(60),
      'how long after a deletion its purge may begin: gateways have let go of it by then',
    ),
  }),
  demo: z.object({
    upstreamUrls: variable(
      'DEMO_UPSTREAM_URLS',
      z
        .string()
        .transform((text) => text.split(',').map((url) => url.trim()))
        .refine((urls) => urls.length === 2 && urls.every((url) => isHttpUrl(url)), 'not two http:// URLs')
        .optional(),
      'two URLs with a comma between: the demo upstream in its two versions; leave it out to offer no demo',
    ),
  }),
});

export type Config = Frozen<z.infer<typeof configSchema>>;

function isNameServer(text: string): boolean {
  const { address = '', port = '53' } =
    /^(?:\[(?<address>[^\]]+)\]|(?<address>[^:]+))(?::(?<port>\d{1,5}))?$/.exec(text)?.groups ?? {};
  return isIP(text) !== 0 || (isIP(address) !== 0 && Number(port) <= 65_535);
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '';
}
