// Upstreams in the configuration document: where requests go, and what is done when it goes wrong. Whatever is left out
// stays left out: a document that says nothing of a field keeps its hash, and gateways of the version before read it. What
// a gateway then does is the default of each part, `upstreamDefaults`.
import { z } from 'zod';
import { tagsSchema } from './tags.js';

export const targetUrlSchema = z
  .string()
  .max(2048)
  .refine(isTargetUrl, 'write an http:// or https:// URL with a host, without user, query or fragment')
  .meta({ examples: ['http://users-api:3000'] });

export const targetSpecSchema = z
  .strictObject({
    url: targetUrlSchema.meta({
      description: 'scheme, host and port, and a path that comes before the path of each request',
    }),
    weight: z
      .int()
      .min(1)
      .max(1000)
      .default(1)
      .meta({ description: 'its share, beside the weights of the other targets' }),
    resolve: z.enum(['name', 'all']).optional().meta({
      description:
        '`name` (without it): one target, whose name is looked up for each new connection. `all`: each address that DNS gives for the name is a target of its own, with the weight of the whole; they follow DNS by its TTL, within 1 to 300 s',
    }),
  })
  .meta({ id: 'TargetSpec' });

const times = (least: number, most: number) => z.int().min(least).max(most);
const count = (most: number) => z.int().min(0).max(most);

export const healthSpecSchema = z
  .strictObject({
    path: z
      .string()
      .max(1024)
      .regex(/^\/[!"$-[\]-~]*$/, 'begin with /, leave out spaces, # and \\, and percent-encode what is beyond ASCII')
      .default('/')
      .meta({ description: "asked with GET, after the target's own path" }),
    intervalMs: times(1000, 3_600_000)
      .default(10_000)
      .meta({ description: 'from one check of a target to the next, give or take a tenth' }),
    timeoutMs: times(50, 60_000)
      .default(2000)
      .meta({ description: 'a check that has no answer by then has failed; connecting included' }),
    unhealthyAfter: times(1, 20).default(3).meta({ description: 'so many failed checks in a row: no more requests' }),
    healthyAfter: times(1, 20).default(2).meta({ description: 'so many good checks in a row: requests again' }),
    statuses: z
      .array(
        z.union(
          [z.int().min(200).max(599), z.enum(['2xx', '3xx', '4xx'])],
          'write a status from 200 to 599, or one of 2xx, 3xx, 4xx',
        ),
      )
      .min(1)
      .max(20)
      .default(['2xx'])
      .meta({ description: 'answers that say it is well; redirects are not followed' }),
  })
  .refine(({ intervalMs, timeoutMs }) => timeoutMs <= intervalMs, {
    path: ['timeoutMs'],
    message: 'write a time no longer than intervalMs',
  })
  .meta({ id: 'HealthSpec' });

export const ejectionSpecSchema = z
  .strictObject({
    consecutive5xx: count(1000).default(5).meta({
      description: 'so many 5xx answers in a row eject a target (what counts below counts here too); 0: never',
    }),
    consecutiveGatewayErrors: count(1000).default(5).meta({
      description:
        'the same for 502, 503, 504, answers that break off, and answers that do not begin in time; 0: never',
    }),
    consecutiveConnectFailures: count(1000)
      .default(3)
      .meta({ description: 'the same for connections that cannot be opened; 0: never' }),
    baseMs: times(1000, 3_600_000).default(30_000).meta({
      description: 'how long the first ejection lasts; the n-th in a row lasts n times as long',
    }),
    maxMs: times(1000, 86_400_000).default(300_000).meta({ description: 'no ejection lasts longer' }),
    maxPercent: count(100).default(50).meta({
      description: 'of the targets may be ejected at once, though always one; 0: none is ever ejected',
    }),
    panicPercent: count(100).default(30).meta({
      description:
        'when fewer of the targets than this are left, or none at all, requests go to all of them again: some may answer, and those that are well are not crushed. 0: only when none is left',
    }),
  })
  .refine(({ baseMs, maxMs }) => baseMs <= maxMs, { path: ['maxMs'], message: 'write a time no shorter than baseMs' })
  .meta({ id: 'EjectionSpec' });

export const upstreamLimitsSchema = z
  .strictObject({
    connections: times(1, 100_000)
      .default(1024)
      .meta({ description: 'to each target, in use and idle; beyond it, requests wait for one' }),
    pending: count(100_000)
      .default(1024)
      .meta({ description: 'requests that wait for a connection; beyond it, they are answered upstream_overloaded' }),
    requests: times(1, 1_000_000).optional().meta({
      description: 'in flight; beyond it, upstream_overloaded. Without it: what connections and pending allow',
    }),
    retries: count(100_000).optional().meta({
      description: 'repetitions in flight, beside the retry budget (a fifth of the requests in flight, and 3 a second)',
    }),
  })
  .meta({ id: 'UpstreamLimits' });

export const upstreamTimeoutsSchema = z
  .strictObject({
    connectMs: times(1, 60_000).default(5000).meta({ description: 'to open a connection, TLS included' }),
    idleMs: times(1, 86_400_000)
      .default(300_000)
      .meta({ description: 'between two pieces of an answer; what the client does not read does not count' }),
    keepAliveMs: times(0, 3_600_000).default(4000).meta({
      description:
        'how long a connection that nobody uses is kept, unless the target says less: keep it below what the target does',
    }),
  })
  .meta({ id: 'UpstreamTimeouts' });

export const upstreamTlsSchema = z
  .strictObject({
    ca: z
      .string()
      .max(262_144)
      .refine(
        (text) => /^\s*-----BEGIN CERTIFICATE-----/.test(text) && !text.includes('PRIVATE KEY'),
        'write certificates in PEM, beginning with -----BEGIN CERTIFICATE-----, and no key',
      )
      .optional()
      .meta({ description: 'PEM: only certificates of these authorities are trusted, instead of the public ones' }),
    clientCertificate: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'write a name of a-z, 0-9 and dashes')
      .optional()
      .meta({
        description:
          "a certificate and its key, by the name under which the gateways' operator has put them: the document holds no secret",
      }),
    serverName: z
      .string()
      .max(253)
      .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'write a host name in lower case')
      .optional()
      .meta({ description: "asked for and checked in the certificate; without it: the URL's host" }),
    insecure: z.boolean().optional().meta({
      description:
        'true: no certificate is checked, and whoever sits in between can read and change everything. For trials only',
    }),
  })
  .meta({ id: 'UpstreamTls' });

export const upstreamSpecSchema = z
  .strictObject({
    targets: z.array(targetSpecSchema).min(1).max(64).meta({ description: 'where requests go' }),
    timeoutMs: z
      .int()
      .min(1)
      .max(600_000)
      .default(30_000)
      .meta({ description: 'from sending the request to the first byte of the answer' }),
    balance: z.enum(['round-robin', 'least-request', 'consistent-hash']).optional().meta({
      description:
        '`round-robin` (without it): in turn, by weight. `least-request`: of two drawn by lot, the one with fewer requests in flight. `consistent-hash`: who has the same `hashBy` gets the same target, and few get another one when targets come or go',
    }),
    hashBy: z
      .union(
        [
          z.enum(['ip', 'application']),
          z.templateLiteral(['header:', z.string().regex(/^[a-z0-9-]{1,64}$/)]),
          z.templateLiteral(['cookie:', z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/)]),
        ],
        'write ip, application, header:<name in lower case> or cookie:<name>',
      )
      .optional()
      .meta({
        description:
          'of `consistent-hash`: `ip` (without it) is the client’s address, `application` who calls, or a header or a cookie by its name. A request that has none goes anywhere',
      }),
    health: healthSpecSchema
      .optional()
      .meta({ description: 'active checks: each gateway asks each target; without it none does' }),
    ejection: ejectionSpecSchema
      .optional()
      .meta({ description: 'targets that fail requests get none for a while; each gateway judges by what it sees' }),
    limits: upstreamLimitsSchema
      .optional()
      .meta({ description: 'the circuit breaker: how much each gateway sends at once' }),
    timeouts: upstreamTimeoutsSchema.optional().meta({ description: 'beside `timeoutMs`' }),
    tls: upstreamTlsSchema.optional().meta({ description: 'of https:// targets' }),
    reuse: z.enum(['tenant', 'credential']).optional().meta({
      description:
        'whose requests may follow each other on one connection: those of the `tenant` (without it), or of one `credential` alone',
    }),
    identity: z
      .strictObject({
        token: z.boolean().meta({
          description:
            'true: each request carries X-Sluice-Identity, a short-lived JWT of the gateway that says who calls',
        }),
      })
      .optional()
      .meta({ description: 'how the target learns who calls' }),
    tags: tagsSchema.optional(),
  })
  .superRefine(refuseUpstream)
  .meta({ id: 'UpstreamSpec' });

/** What no single field can say. Schemas that are made from `upstreamSpecSchema.shape` add it themselves. */
export function refuseUpstream(
  spec: { balance?: string | undefined; hashBy?: string | undefined },
  context: z.RefinementCtx,
): void {
  if (spec.hashBy !== undefined && spec.balance !== 'consistent-hash')
    context.addIssue({
      code: 'custom',
      path: ['hashBy'],
      message: 'leave hashBy out, or write balance: consistent-hash',
    });
}

/** What a gateway does where an upstream says nothing. */
export const upstreamDefaults = {
  ejection: ejectionSpecSchema.parse({}),
  limits: upstreamLimitsSchema.parse({}),
  timeouts: upstreamTimeoutsSchema.parse({}),
} as const;

export type TargetSpec = z.infer<typeof targetSpecSchema>;
export type HealthSpec = z.infer<typeof healthSpecSchema>;
export type EjectionSpec = z.infer<typeof ejectionSpecSchema>;
export type UpstreamLimits = z.infer<typeof upstreamLimitsSchema>;
export type UpstreamTimeouts = z.infer<typeof upstreamTimeoutsSchema>;
export type UpstreamTls = z.infer<typeof upstreamTlsSchema>;
export type UpstreamSpec = z.infer<typeof upstreamSpecSchema>;

function isTargetUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.hostname !== '' &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  );
}
