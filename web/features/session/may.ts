import type { Role } from '@sluice/contracts';

export type Ability = 'edit' | 'manage-members' | 'manage-hosts';

const allowed: Record<Ability, readonly Role[]> = {
  edit: ['owner', 'admin', 'developer'],
  'manage-members': ['owner', 'admin'],
  'manage-hosts': ['owner', 'admin'],
};

/** What a member may do, so that the rest is left out of the page: nothing where the tenant is deleted. The server decides; this
 *  only explains. */
export function may({ role, purgeAt }: { role: Role; purgeAt: string | null }, ability: Ability): boolean {
  return purgeAt === null && allowed[ability].includes(role);
}
