// How a gateway becomes one of its fleet. With a registration token it tells its public key once; from then on it proves who it
// is by that key, and is given identities that last for minutes. Everything else that it says or asks goes by them.
//   POST /v1/fleet/gateways     Authorization: Bearer <registration token>   registers, and answers an identity
//   POST /v1/fleet/identities   Authorization: Bearer <proof>                answers the next identity
// A proof is a JWT that the gateway has signed with EdDSA: `sub` is its id, `key` the `x` of
// its public key, `aud` this audience.
import { z } from 'zod';

export const proofAudience = 'sluice-gateway-proof';

export const gatewayIdSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

export const gatewayPublicKeySchema = z
  .object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })
  .meta({ id: 'GatewayPublicKey', description: 'a JWK of RFC 8037' });

export const gatewayRegistrationSchema = z
  .object({
    gatewayId: gatewayIdSchema,
    bootId: z.string().min(1).max(100),
    version: z.string().min(1).max(100),
    publicKey: gatewayPublicKeySchema,
  })
  .meta({ id: 'GatewayRegistration' });

export const gatewayRenewalSchema = gatewayRegistrationSchema.pick({ version: true }).meta({ id: 'GatewayRenewal' });

export const gatewayIdentitySchema = z
  .object({
    token: z.string().meta({ description: 'to be sent as "Authorization: Bearer <token>"' }),
    expiresInMs: z.int().meta({ description: 'from now on, by whatever clock: ask for the next one before' }),
    fleetId: z.string(),
  })
  .meta({ id: 'GatewayIdentity' });

export type GatewayPublicKey = z.infer<typeof gatewayPublicKeySchema>;
export type GatewayRegistration = z.infer<typeof gatewayRegistrationSchema>;
export type GatewayRenewal = z.infer<typeof gatewayRenewalSchema>;
export type GatewayIdentity = z.infer<typeof gatewayIdentitySchema>;
