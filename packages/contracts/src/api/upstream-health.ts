// The health of upstreams' targets, as the gateways see it. GET /v1/tenants/{tenant}/environments/{environment}/upstream-health
import { z } from 'zod';
import { targetStateSchema } from '../feed.js';
import { objectNameSchema } from '../names.js';
import { timeSchema } from './pages.js';

export const targetHealthSchema = z
  .object({
    url: z.string(),
    address: z.string().nullable().meta({ description: 'one of several of its name; null: the name itself' }),
    gateways: z.array(
      z.object({
        gatewayId: z.string(),
        state: targetStateSchema,
        since: timeSchema,
        cause: z.string().meta({ description: 'of its state, for people; empty: none is known' }),
      }),
    ),
  })
  .meta({ id: 'TargetHealth' });

export const environmentHealthSchema = z
  .object({
    liveGateways: z.int().meta({ description: 'gateways of the fleet heard of in the last 15 s' }),
    upstreams: z
      .array(z.object({ name: objectNameSchema, targets: z.array(targetHealthSchema) }))
      .meta({ description: 'as live gateways have told last: of what is published, not of the draft' }),
  })
  .meta({ id: 'EnvironmentHealth' });

export type TargetHealth = z.infer<typeof targetHealthSchema>;
export type EnvironmentHealth = z.infer<typeof environmentHealthSchema>;
