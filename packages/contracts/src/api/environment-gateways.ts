// The gateways that serve an environment, as its tenant sees them: GET /v1/tenants/{tenant}/environments/{environment}/gateways
import { z } from 'zod';
import { timeSchema } from './pages.js';

export const environmentGatewaySchema = z
  .object({
    id: z.string(),
    version: z.string(),
    state: z.enum(['live', 'stale', 'silent']).meta({
      description:
        '`live`: heard of in the last 15 s. `stale`: heard of, but it has not answered the live revision 15 s after its publication; it serves an earlier one. `silent`: not heard of; it may serve what it had',
    }),
    revision: z
      .int()
      .nullable()
      .meta({ description: 'the newest one of this environment that it has answered; null: none' }),
    lastHeardAt: timeSchema,
  })
  .meta({ id: 'EnvironmentGateway' });

export const environmentGatewaysSchema = z
  .object({ items: z.array(environmentGatewaySchema).meta({ description: 'of the last day, by id; 1000 at most' }) })
  .meta({ id: 'EnvironmentGateways' });

export type EnvironmentGateway = z.infer<typeof environmentGatewaySchema>;
