// The numbers, from ClickHouse. Below /v1/tenants/{tenant}/environments/{environment}:
//   GET /analytics/timeseries   GET /analytics/arms   GET /usage   GET /requests   GET /requests/{request}
// `accepted` counts requests that passed every check and were sent on (they have an arm); `limited` those that a
// limit refused (429); `refused` what the gateway refused otherwise. `accepted + limited + refused = requests`.
// 4xx, 429 and 5xx are never added up.
import { z } from 'zod';
import { recordPhases, recordSchema } from '../record.js';
import { timeSchema } from './pages.js';

export const rangeQuerySchema = z.object({
  from: timeSchema,
  to: timeSchema,
});
export const timeseriesQuerySchema = rangeQuerySchema.extend({
  api: z.string().max(64).optional(),
  route: z.string().max(64).optional(),
  arm: z.string().max(64).optional(),
});

const counts = {
  requests: z.int(),
  s2xx: z.int(),
  s3xx: z.int(),
  s4xx: z.int().meta({ description: 'without 429' }),
  s429: z.int(),
  s5xx: z.int(),
  responseBytes: z.int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
};
export const trafficSchema = z.object(counts).meta({ id: 'Traffic' });
export const timeseriesSchema = z
  .object({
    from: timeSchema,
    to: timeSchema,
    bucketMs: z.int().meta({ description: 'chosen by the server: one minute or a multiple' }),
    asOf: timeSchema.meta({ description: 'when this was read' }),
    newest: timeSchema.nullable().meta({ description: 'the newest record that counts here; null: none at all' }),
    totals: trafficSchema,
    points: z
      .array(trafficSchema.extend({ time: timeSchema }))
      .meta({ description: 'every bucket of the range, empty ones with zeros' }),
  })
  .meta({ id: 'Timeseries' });

export const armTrafficSchema = z
  .object({
    asOf: timeSchema,
    arms: z.array(trafficSchema.extend({ api: z.string(), route: z.string(), arm: z.string(), share: z.number() })),
  })
  .meta({ id: 'ArmTraffic' });

export const usageSchema = z
  .object({
    from: timeSchema,
    to: timeSchema,
    asOf: timeSchema,
    totals: z.object({ requests: z.int(), accepted: z.int(), limited: z.int(), refused: z.int() }),
    subscriptions: z.array(
      z.object({
        subscriptionId: z.string(),
        applicationId: z.string(),
        plan: z.string(),
        requests: z.int(),
        accepted: z.int(),
        limited: z.int(),
        refused: z.int(),
      }),
    ),
  })
  .meta({ id: 'Usage' });

export const requestsQuerySchema = rangeQuerySchema.extend({
  status: z.coerce.number().int().min(100).max(599).optional(),
  api: z.string().max(64).optional(),
  route: z.string().max(64).optional(),
  arm: z.string().max(64).optional(),
  application: z.string().max(64).optional(),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const requestSchema = z
  .object({
    id: z.string().meta({ description: 'req_ and 32 hex digits, as in X-Sluice-Request-Id' }),
    time: timeSchema,
    ...recordSchema.pick({
      revision: true,
      api: true,
      route: true,
      arm: true,
      plan: true,
      method: true,
      host: true,
      path: true,
      status: true,
      code: true,
      upstream: true,
      target: true,
      attempts: true,
    }).shape,
    phase: z.enum(recordPhases).meta({
      description:
        'whole: it was over within 10 s; end: it lasted longer, and is over; begin: it had not ended after 10 s, and no end has come since: it is under way, or its gateway was killed. Its status, duration and bytes are then those of that moment',
    }),
    armReason: z.string(),
    weightVersion: z.int(),
    applicationId: z.string(),
    subscriptionId: z.string(),
    credentialId: z.string(),
    gatewayId: z.string(),
    durationMs: z.number(),
    upstreamMs: z.number(),
    requestBytes: z.int(),
    responseBytes: z.int(),
    limitName: z.string(),
    limitLeft: z.int().nullable(),
    reasons: z.array(z.record(z.string(), z.unknown())).meta({
      description:
        'each with its code, its data, and its `sentence` where this version of the control plane knows the code',
    }),
  })
  .meta({ id: 'Request' });

export type Traffic = z.infer<typeof trafficSchema>;
export type Timeseries = z.infer<typeof timeseriesSchema>;
export type ArmTraffic = z.infer<typeof armTrafficSchema>;
export type Usage = z.infer<typeof usageSchema>;
export type RequestEntry = z.infer<typeof requestSchema>;
