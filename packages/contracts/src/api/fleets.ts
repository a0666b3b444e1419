// Fleets, as the operator of the platform sees and runs them: which gateways there are and how each is, and what lets others in.
//   GET    /v1/operator/fleets
//   GET    /v1/operator/fleets/{fleet}/gateways                      PATCH DELETE .../gateways/{gateway}
//   GET    POST /v1/operator/fleets/{fleet}/registration-tokens      DELETE .../registration-tokens/{registrationToken}
import { z } from 'zod';
import { gatewayIdSchema } from '../gateway-identity.js';
import { idSchema } from '../ids.js';
import { titleSchema } from '../names.js';
import { timeSchema } from './pages.js';

/** Worst first: what needs somebody. */
export const gatewayStates = ['revoked', 'gone', 'silent', 'stale', 'draining', 'drained', 'live'] as const;
export const gatewayStateSchema = z.enum(gatewayStates).meta({
  description:
    '`live`: heard of in the last 15 s, and it has what there is. `stale`: heard of, and behind by a change that is older than 15 s, or by all of them. `silent`: not heard of. `gone`: not for a day, or it drained before. `draining`: not ready, with requests in flight; `drained`: without. `revoked`: by the operator',
});

export const fleetGatewaySchema = z
  .object({
    id: gatewayIdSchema,
    state: gatewayStateSchema,
    version: z.string(),
    bootId: z.string(),
    position: z.int().nullable().meta({ description: 'of the change feed, as last told; null: it has none of it' }),
    behind: z.int().nullable().meta({ description: 'changes that it has not told to have; null: all of them' }),
    lastHeardAt: timeSchema,
    registeredAt: timeSchema.nullable(),
    registrationTokenId: z.string().nullable().meta({ description: 'null: let in by FLEET_TOKEN' }),
    drainAskedAt: timeSchema.nullable(),
    revokedAt: timeSchema.nullable(),
  })
  .meta({ id: 'FleetGateway' });

export const fleetGatewayPatchSchema = z
  .strictObject({
    isDrainAsked: z.boolean().optional().meta({ description: 'true: be not ready, and finish; false: as before' }),
    isRevoked: z.boolean().optional().meta({ description: 'true: it gets nothing and tells nothing any more' }),
  })
  .meta({ id: 'FleetGatewayPatch' });

export const fleetGatewaysSchema = z
  .object({
    head: z.int().meta({ description: 'the newest position of the change feed' }),
    items: z.array(fleetGatewaySchema).meta({ description: 'the worst first' }),
  })
  .meta({ id: 'FleetGateways' });

export const fleetSchema = z
  .object({
    id: z.string(),
    head: z.int(),
    gateways: z.record(gatewayStateSchema, z.int()).meta({ description: 'how many are in each state' }),
  })
  .meta({ id: 'Fleet' });
export const fleetsSchema = z.object({ items: z.array(fleetSchema) }).meta({ id: 'Fleets' });

export const registrationTokenSchema = z
  .object({
    id: idSchema('registrationToken'),
    title: titleSchema,
    uses: z.int(),
    mostUses: z.int(),
    expiresAt: timeSchema,
    revokedAt: timeSchema.nullable(),
    createdBy: z.string().meta({ description: 'the address of the operator' }),
    createdAt: timeSchema,
  })
  .meta({ id: 'RegistrationToken' });
export const registrationTokenCreateSchema = z
  .strictObject({
    title: titleSchema,
    mostUses: z.int().min(1).max(10_000).default(1).meta({ description: 'how many gateways it lets in' }),
    expiresInHours: z.int().min(1).max(8760).default(24),
  })
  .meta({ id: 'RegistrationTokenCreate' });
export const registrationTokenWithSecretSchema = registrationTokenSchema
  .extend({ token: z.string().meta({ description: 'for FLEET_TOKEN of the gateway; shown here, and never again' }) })
  .meta({ id: 'RegistrationTokenWithSecret' });

export type GatewayState = z.infer<typeof gatewayStateSchema>;
export type FleetGateway = z.infer<typeof fleetGatewaySchema>;
export type FleetGatewayPatch = z.infer<typeof fleetGatewayPatchSchema>;
export type FleetGateways = z.infer<typeof fleetGatewaysSchema>;
export type Fleet = z.infer<typeof fleetSchema>;
export type Fleets = z.infer<typeof fleetsSchema>;
export type RegistrationToken = z.infer<typeof registrationTokenSchema>;
export type RegistrationTokenCreate = z.infer<typeof registrationTokenCreateSchema>;
export type RegistrationTokenWithSecret = z.infer<typeof registrationTokenWithSecretSchema>;
