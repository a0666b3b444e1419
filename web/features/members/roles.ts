import type { Role } from '@sluice/contracts';

/** What each role may do, in a line. */
export const roleWords: Record<Role, string> = {
  owner: 'everything, other owners included',
  admin: 'everything but owners and the organisation itself',
  developer: 'change, publish and shift traffic',
  viewer: 'look',
};
