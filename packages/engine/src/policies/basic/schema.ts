import { secretTextSchema } from '@sluice/contracts';
import { z } from 'zod';
import { realmSchema, subscriptionSchema } from '../identity-fields.js';

const userSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[^:\p{Cc}]{1,128}$/u, 'write 1 to 128 characters without colon and control characters')
    .meta({ description: 'the user name' }),
  password: secretTextSchema(512).meta({
    description:
      'the hash of the password: a PHC string of argon2id or scrypt, such as $argon2id$v=19$m=19456,t=2,p=1$..., or `secret:<name>` of one',
  }),
  groups: z.array(z.string().min(1).max(128)).max(64).default([]).meta({ description: 'for the policy acl' }),
  scopes: z.array(z.string().min(1).max(128)).max(64).default([]).meta({ description: 'for the policy scopes' }),
});

export const basicSchema = z.strictObject({
  users: z.array(userSchema).min(1).max(1000).meta({ description: 'who may call' }),
  hide: z
    .boolean()
    .default(true)
    .meta({ description: 'take the header Authorization out of the request before it goes upstream' }),
  subscription: subscriptionSchema,
  realm: realmSchema,
});

export type BasicSettings = z.infer<typeof basicSchema>;
