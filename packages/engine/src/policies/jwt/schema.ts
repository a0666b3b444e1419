import { secretTextSchema } from '@sluice/contracts';
import { z } from 'zod';
import { placeFields } from '../../credential-places.js';
import { signingAlgorithms } from '../../questions.js';
import { realmSchema, subscriptionSchema } from '../identity-fields.js';

const claimName = z.string().min(1).max(256);
const claimValue = z.union([z.string().max(1024), z.number(), z.boolean()]);
const httpUrl = z.string().max(2048).refine(isHttpUrl, 'write an http:// or https:// URL without user and fragment');
const audiences = z.array(z.string().min(1).max(512)).min(1).max(32);

const keySchema = z
  .strictObject({
    kid: z.string().min(1).max(256).optional().meta({ description: 'the name by which tokens refer to it' }),
    pem: z.string().max(16_384).optional().meta({ description: 'a public key or a certificate in PEM' }),
    jwk: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'a public key as JWK; of a shared secret, `k` is `secret:<name>`' }),
    secret: secretTextSchema(1024).optional().meta({
      description:
        'a shared secret for HS256, HS384, HS512, as `secret:<name>`: 32, 48, 64 bytes at least. Whoever knows it can sign: prefer public keys',
    }),
    encoding: z
      .enum(['text', 'base64url'])
      .optional()
      .meta({ description: 'of the secret: its UTF-8 text, or base64url of its bytes' }),
  })
  .superRefine((key, context) => {
    const named = (['pem', 'jwk', 'secret'] as const).filter((field) => key[field] !== undefined);
    if (named.length !== 1)
      context.addIssue({ code: 'custom', path: named.slice(1, 2), message: 'write exactly one of pem, jwk, secret' });
  });

const issuerSchema = z
  .strictObject({
    issuer: z.string().min(1).max(512).meta({ description: 'the claim `iss`, letter by letter' }),
    jwks: httpUrl.optional().meta({ description: 'the URL of its key set' }),
    discovery: z
      .literal(true)
      .optional()
      .meta({ description: 'the key set is named at <issuer>/.well-known/openid-configuration' }),
    keys: z.array(keySchema).min(1).max(32).optional().meta({ description: 'its keys, written here' }),
    algorithms: z
      .array(z.enum(signingAlgorithms))
      .min(1)
      .optional()
      .meta({ description: 'those that are taken; without it, the asymmetric ones that its keys are made for' }),
    audiences: audiences.optional().meta({ description: 'in the place of those of the policy' }),
  })
  .superRefine((issuer, context) => {
    const named = (['jwks', 'discovery', 'keys'] as const).filter((field) => issuer[field] !== undefined);
    if (named.length !== 1)
      context.addIssue({
        code: 'custom',
        path: named.slice(1, 2),
        message: 'write exactly one of jwks, discovery, keys',
      });
    if (issuer.discovery === true && !isHttpUrl(issuer.issuer))
      context.addIssue({ code: 'custom', path: ['issuer'], message: 'write the URL of the issuer, for discovery' });
  });

export const jwtSchema = z.strictObject({
  issuers: z.array(issuerSchema).min(1).max(16).meta({ description: 'whose tokens are taken' }),
  ...placeFields,
  header: placeFields.header.meta({
    description:
      'the header that carries the token, or several; `authorization` where no place is named, where it follows `Bearer`',
  }),
  hide: z.boolean().default(false).meta({ description: 'take the token out of the request before it goes upstream' }),
  audiences: audiences.optional().meta({
    description: 'the claim `aud` must name one of them. Without it a token for any other API of the issuer is taken',
  }),
  claimsToVerify: z
    .array(z.enum(['exp', 'nbf']))
    .default(['exp'])
    .meta({ description: 'times that must be there; where they are, they are always checked' }),
  requiredClaims: z.array(claimName).max(32).default([]).meta({ description: 'claims that must be there' }),
  claims: z
    .record(claimName, z.union([claimValue, z.array(claimValue).min(1).max(64)]))
    .default({})
    .meta({ description: 'claims that must have this value, or one of these; of a claim that is a list, one must' }),
  skewMs: z
    .int()
    .min(0)
    .max(600_000)
    .default(5000)
    .meta({ description: "how far the issuer's clock may be off, milliseconds" }),
  maxAgeMs: z
    .int()
    .min(1000)
    .max(31_536_000_000)
    .optional()
    .meta({ description: 'how long ago the token may have been issued (`iat`), milliseconds' }),
  maxTokenBytes: z.int().min(256).max(65_536).default(8192).meta({ description: 'a larger token is refused unread' }),
  subjectClaim: claimName.default('sub').meta({ description: 'the claim that names the subject' }),
  scopesClaim: claimName
    .optional()
    .meta({ description: 'the claim that lists scopes, as a list or apart by spaces; without it, `scope` or `scp`' }),
  groupsClaim: claimName
    .default('groups')
    .meta({ description: 'the claim that lists groups; `realm_access.roles` also finds roles inside realm_access' }),
  subscription: subscriptionSchema,
  realm: realmSchema,
});

export type JwtSettings = z.infer<typeof jwtSchema>;
export type IssuerSettings = z.infer<typeof issuerSchema>;
export type KeySettings = z.infer<typeof keySchema>;

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === '' &&
    url.hash === ''
  );
}
