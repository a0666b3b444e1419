import { limitSchema, objectNameSchema } from '@sluice/contracts';
import { z } from 'zod';

export const scopes = ['subscription', 'application', 'credential', 'subject', 'ip', 'route', 'api', 'tenant'] as const;

const scopeSchema = z
  .union(
    [z.enum(scopes), z.templateLiteral(['header:', z.string().regex(/^[a-z0-9-]{1,64}$/)])],
    `write one of ${scopes.join(', ')}, or header: and the name of a header in lower case`,
  )
  .default('subscription')
  .meta({
    description:
      'what it counts for: who calls (`subscription`, `application`, `credential`, `subject`, `header:x-device`; by address where there is none of it), `ip` (IPv6 by /64), or all requests of the `route`, the `api` or the `tenant` in this environment. `ip`, `route`, `api` and `tenant` count every request, before anybody is asked who they are; the others what goes upstream',
  });

export const rateLimitSchema = z.strictObject({
  limits: z
    .array(limitSchema.safeExtend({ scope: scopeSchema }))
    .min(1)
    .max(8)
    .meta({
      description: 'all of them must have room. A request takes what its route costs, and one of `concurrency`',
    }),
  zone: objectNameSchema.optional().meta({
    description:
      'policies of the same zone share what they count by who calls or by address, as with `limit_req_zone` of NGINX; without it, each route counts apart, or each API whose policy it is',
  }),
});

export type RateLimitSettings = z.infer<typeof rateLimitSchema>;
export type ScopedLimitSettings = RateLimitSettings['limits'][number];
export type Scope = ScopedLimitSettings['scope'];
