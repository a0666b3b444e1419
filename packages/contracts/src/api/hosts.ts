// Hosts of one's own, claimed for an environment and proven by a TXT record.
//   GET  POST /v1/tenants/{tenant}/environments/{environment}/hosts
//   GET  DELETE .../hosts/{host}       {host} as the answers write it: `api.acme.com`, `*.acme.com`
//   POST .../hosts/{host}/verify       looks for the record now
import { z } from 'zod';
import { idSchema } from '../ids.js';
import { timeSchema } from './pages.js';

/** A host has a name in the path of a request, where 200 characters are read. */
export const mostHostLength = 200;

export const hostClaimStates = ['pending', 'proven', 'failing', 'lapsed'] as const;
export const hostClaimProblems = ['missing', 'different', 'held', 'unanswered'] as const;

export const hostClaimSchema = z
  .object({
    id: idSchema('hostClaim'),
    host: z.string().meta({
      description: 'in lower case; other scripts as Punycode, which is how routes and requests name it',
      examples: ['api.acme.com', '*.acme.com'],
    }),
    state: z.enum(hostClaimStates).meta({
      description:
        '`pending`: never proven yet. `proven`: served. `failing`: served, but its record is not found any more. `lapsed`: no longer served, because the record was missing for days',
    }),
    isServed: z.boolean().meta({ description: 'whether the gateways answer at it once the environment is published' }),
    problem: z.enum(hostClaimProblems).nullable().meta({
      description:
        'why the last look did not prove it. `missing`: there is no such record. `different`: there is one, with another value. `held`: it is there, but the host was proven for another environment before. `unanswered`: the name servers did not answer, which ends nothing',
    }),
    record: z
      .object({ type: z.literal('TXT'), name: z.string(), value: z.string() })
      .meta({ description: 'what to set in the DNS of the host, and to leave there' }),
    provenAt: timeSchema.nullable(),
    checkedAt: timeSchema.nullable(),
    nextCheckAt: timeSchema.nullable().meta({ description: 'null: not looked for again unless asked to' }),
    lapsesAt: timeSchema
      .nullable()
      .meta({ description: 'of a failing one: from then on it lapses, unless its record is found before' }),
    createdAt: timeSchema,
  })
  .meta({ id: 'HostClaim' });

export const hostClaimCreateSchema = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .max(mostHostLength)
      .meta({ description: 'a host name, or `*.` before one for every name below it', examples: ['api.acme.com'] }),
  })
  .meta({ id: 'HostClaimCreate' });

export type HostClaim = z.infer<typeof hostClaimSchema>;
export const hostClaimVerifySchema = z.strictObject({}).meta({ id: 'HostClaimVerify' });

export type HostClaimCreate = z.infer<typeof hostClaimCreateSchema>;
export type HostClaimState = (typeof hostClaimStates)[number];
export type HostClaimProblem = (typeof hostClaimProblems)[number];
