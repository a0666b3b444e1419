// The change feed: what control-api tells a fleet's gateways, as lines of JSON over one long answer of
// GET /v1/fleet/feed?historyId=&after=&mark=. Positions are the fleet's commit order, without gaps. A newcomer, a
// gateway of another history, or one too far behind gets a snapshot (every live change), then entries.
import { z } from 'zod';
import { documentSchema, weightBpsSchema } from './document.js';

/** Lanes in order of urgency: 1 revocations and weights, 2 credentials and subscriptions, 3 revisions. */
export const laneSchema = z.union([z.literal(1), z.literal(2), z.literal(3)]);

/** What the operator's platform plan lets a tenant have, in all of its environments together. Null: no bound. */
export const platformBoundsChangeSchema = z.object({
  version: z.int().meta({ description: 'only grows: of two that differ, the later one says how much there is' }),
  requestsPerSecond: z.int().nullable(),
  recordsPerDay: z.int().nullable(),
});

/** Everything a gateway needs of an environment. `document` null: the environment is gone, and so is what belongs to it. */
export const environmentChangeSchema = z.object({
  kind: z.literal('environment'),
  tenantSlug: z.string(),
  environmentName: z.string(),
  hosts: z.array(z.string()),
  portalOrigins: z.array(z.string()).meta({ description: 'origins that cors admits without a policy' }),
  revision: z.int(),
  revisionId: z.string(),
  hash: z.string().meta({ description: 'SHA-256 in hex of the canonical JSON of the document' }),
  platform: platformBoundsChangeSchema.optional(),
  document: documentSchema.nullable(),
});

export const weightsChangeSchema = z.object({
  kind: z.literal('weights'),
  route: z.string().meta({ description: 'routeKey: api/route' }),
  version: z.int(),
  weights: z.record(z.string(), weightBpsSchema),
});

export const subscriptionStates = ['pending', 'active', 'suspended', 'cancelled'] as const;

export const subscriptionChangeSchema = z.object({
  kind: z.literal('subscription'),
  id: z.string(),
  applicationId: z.string(),
  plan: z.string(),
  state: z.enum(subscriptionStates),
  revision: z.int().meta({ description: 'the least revision that knows the plan; until then: configuration_pending' }),
  startedAt: z
    .int()
    .optional()
    .meta({ description: 'Unix milliseconds: where the periods of an anchored quota begin' }),
  planChanges: z.int().optional().meta({
    description: 'how often it has moved to another plan: of two that differ, the later one says how much there is',
  }),
});

/** A credential's removal is `revoked`: the hash stays known for as long as the record of it does, and answers credential_revoked. */
export const credentialChangeSchema = z.object({
  kind: z.literal('credential'),
  id: z.string(),
  subscriptionId: z.string(),
  hash: z.string().meta({ description: 'SHA-256 of the whole key, in hex' }),
  state: z.enum(['active', 'revoked']),
  expiresAt: z.int().optional().meta({ description: 'Unix milliseconds: refused from then on, heard of or not' }),
  scopes: z.array(z.string()).optional(),
  isTry: z.boolean().optional().meta({ description: 'lives for minutes: not kept once it has expired' }),
});

/** What `secret:<name>` stands for in the environment's documents. The feed's table has the name alone: the value is put in when it is told. */
export const secretChangeSchema = z.object({
  kind: z.literal('secret'),
  name: z.string(),
  version: z.int(),
  value: z
    .string()
    .nullable()
    .optional()
    .meta({ description: 'null: there is no such secret, or it cannot be opened' }),
});

export const changeSchema = z.discriminatedUnion('kind', [
  environmentChangeSchema,
  weightsChangeSchema,
  subscriptionChangeSchema,
  credentialChangeSchema,
  secretChangeSchema,
]);

const markSchema = z.string().meta({
  description:
    'of the commit that a position was given out by: sent with the position when a gateway comes again, it tells a database that has lost commits and gave their positions out anew',
});

export const feedEntrySchema = z.object({
  position: z.int(),
  lane: laneSchema,
  tenantId: z.string(),
  environmentId: z.string(),
  change: changeSchema,
  mark: markSchema.optional(),
  previous: markSchema.optional().meta({ description: 'the mark of the position before it; absent in a snapshot' }),
});

export const feedLineSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    historyId: z.string(),
    fleetId: z.string(),
    mode: z.enum(['snapshot', 'entries']),
    position: z.int(),
    mark: markSchema.optional(),
  }),
  /** Between hello (mode snapshot) and this line every entry belongs to the snapshot; what it did not name is gone. */
  z.object({ type: z.literal('snapshot-end'), position: z.int() }),
  z.object({ type: z.literal('entry'), entry: feedEntrySchema }),
  /** At least every 5 s: the head of the feed, so that a gateway knows how far behind it is. */
  z.object({ type: z.literal('ping'), position: z.int() }),
]);

export const receiptSchema = z.object({
  tenantId: z.string(),
  environmentId: z.string(),
  revision: z.int(),
  revisionId: z.string(),
  state: z.enum(['applied', 'refused']),
  refusals: z.array(z.object({ object: z.string(), code: z.string(), detail: z.string() })),
});

/** POST /v1/fleet/receipts, with the gateway's identity. */
export const receiptsBodySchema = z.object({ gatewayId: z.string(), receipts: z.array(receiptSchema).max(1000) });

export const gatewayActivities = ['serving', 'draining', 'drained'] as const;

/** POST /v1/fleet/heartbeats, every 5 s, with the gateway's identity. */
export const heartbeatBodySchema = z.object({
  gatewayId: z.string(),
  bootId: z.string(),
  version: z.string(),
  historyId: z.string().nullable(),
  position: z.int(),
  mark: markSchema.optional(),
  activity: z.enum(gatewayActivities).optional().meta({
    description: '`draining`: it is not ready any more, and has requests in flight. `drained`: it has none',
  }),
});

/** What a heartbeat is answered. */
export const heartbeatAnswerSchema = z
  .object({
    isDrainAsked: z.boolean().meta({ description: 'true: be not ready, until it is false again' }),
  })
  .meta({ id: 'HeartbeatAnswer' });

export const targetStates = ['unknown', 'healthy', 'unhealthy', 'ejected'] as const;
export const targetStateSchema = z.enum(targetStates).meta({
  description:
    '`unknown`: it gets requests, and has answered neither one nor a check well yet. `unhealthy`: its active checks fail. `ejected`: it failed requests; it comes back by itself',
});

/** What one gateway thinks of the targets of an environment. It replaces what that gateway said before. */
export const upstreamHealthReportSchema = z.object({
  tenantId: z.string(),
  environmentId: z.string(),
  upstreams: z.array(
    z.object({
      name: z.string(),
      targets: z.array(
        z.object({
          url: z.string(),
          address: z.string().nullable().meta({ description: 'one of several of its name; null: the name itself' }),
          state: targetStateSchema,
          since: z.int().meta({ description: 'Unix milliseconds' }),
          cause: z.string().max(500).meta({ description: 'of its state, for people; empty: none is known' }),
        }),
      ),
    }),
  ),
});

/** POST /v1/fleet/upstream-health, when something has changed, with the gateway's identity. */
export const upstreamHealthBodySchema = z.object({
  gatewayId: z.string(),
  reports: z.array(upstreamHealthReportSchema).max(1000),
});

export type TargetState = z.infer<typeof targetStateSchema>;
export type UpstreamHealthReport = z.infer<typeof upstreamHealthReportSchema>;
export type UpstreamHealthBody = z.infer<typeof upstreamHealthBodySchema>;
export type Lane = z.infer<typeof laneSchema>;
export type EnvironmentChange = z.infer<typeof environmentChangeSchema>;
export type PlatformBoundsChange = z.infer<typeof platformBoundsChangeSchema>;
export type WeightsChange = z.infer<typeof weightsChangeSchema>;
export type SubscriptionChange = z.infer<typeof subscriptionChangeSchema>;
export type SubscriptionState = (typeof subscriptionStates)[number];
export type CredentialChange = z.infer<typeof credentialChangeSchema>;
export type SecretChange = z.infer<typeof secretChangeSchema>;
export type Change = z.infer<typeof changeSchema>;
export type FeedEntry = z.infer<typeof feedEntrySchema>;
export type FeedLine = z.infer<typeof feedLineSchema>;
export type Receipt = z.infer<typeof receiptSchema>;
export type ReceiptsBody = z.infer<typeof receiptsBodySchema>;
export type GatewayActivity = (typeof gatewayActivities)[number];
export type HeartbeatBody = z.infer<typeof heartbeatBodySchema>;
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswerSchema>;
