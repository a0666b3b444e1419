import { z } from 'zod';

const groups = z.array(z.string().min(1).max(128)).min(1).max(256).optional();

export const aclSchema = z
  .strictObject({
    allow: groups.meta({ description: 'the caller must be in one of these groups' }),
    deny: groups.meta({ description: 'the caller must be in none of these, whatever `allow` says' }),
  })
  .refine(({ allow, deny }) => allow !== undefined || deny !== undefined, 'write allow, deny or both');

export type AclSettings = z.infer<typeof aclSchema>;
