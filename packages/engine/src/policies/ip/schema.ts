import { z } from 'zod';

const mostEntries = 10_000;
const networks = z.array(z.string().max(64)).min(1).max(mostEntries).optional();

export const ipSchema = z
  .strictObject({
    allow: networks.meta({
      description: 'only these addresses and networks: 203.0.113.7, 10.0.0.0/8, 2001:db8::/32',
    }),
    deny: networks.meta({ description: 'never these, whatever `allow` says' }),
  })
  .refine(({ allow, deny }) => allow !== undefined || deny !== undefined, 'write allow, deny or both');

export type IpSettings = z.infer<typeof ipSchema>;
