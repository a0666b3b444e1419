// Settings that several ways to authenticate share.
import { z } from 'zod';

export const realmSchema = z
  .string()
  .regex(/^[A-Za-z0-9 ._:/-]{1,128}$/, 'write letters, digits, spaces and . _ : / -, 128 at most')
  .optional()
  .meta({ description: 'what the answer 401 calls this area; the name of the API without it' });

export const subscriptionSchema = z.enum(['none', 'optional', 'required']).default('none').meta({
  description:
    'whether the subject is looked up among the credentials: whose plan and limits apply then. `required` refuses a subject that has none',
});
