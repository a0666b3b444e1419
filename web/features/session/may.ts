import type { Role } from '@sluice/contracts';

export type Ability = 'edit' | 'manage-members' | 'manage-hosts';

const allowed: Record<Ability, readonly Role[]> = {
  edit: ['owner', 'admin', 'developer'],
  'manage-members': ['owner', 'admin'],
  'manage-hosts': ['owner', 'admin'],
};

/** What a role may do, so that the rest is left out of the page. The server decides; this only explains. */
export function may(role: Role, ability: Ability): boolean {
  return allowed[ability].includes(role);
}
