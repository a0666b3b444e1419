// Who may do what in a tenant: one table, from which the access guard, the API document and the tests are derived. Roles
// are cumulative: what a viewer may, everybody above may too.
import type { Role } from '@sluice/contracts';

const viewer: readonly Role[] = ['viewer', 'developer', 'admin', 'owner'];
const developer: readonly Role[] = ['developer', 'admin', 'owner'];
const admin: readonly Role[] = ['admin', 'owner'];
const owner: readonly Role[] = ['owner'];

export const permissions = {
  'tenant.read': viewer,
  'tenant.change': admin,
  'tenant.delete': owner,
  'environment.read': viewer,
  'environment.change': admin,
  // A host leads others' requests here, and away when it is released.
  'host.change': admin,
  'member.read': viewer,
  // Making or unmaking an owner takes an owner: the members service looks at the roles involved.
  'member.change': admin,
  // Oneself; removing others is `member.change`, which the members service asks.
  'member.leave': viewer,
  'service-account.read': viewer,
  // A service account is at most an admin. No token makes tokens: the endpoints take a person.
  'service-account.change': admin,
  'configuration.read': viewer,
  'configuration.change': developer,
  'configuration.publish': developer,
  // Names and versions; nobody reads a value.
  'secret.read': viewer,
  'secret.change': developer,
  'weights.change': developer,
  'consumer.read': viewer,
  'consumer.change': developer,
  // A developer is a person with data of their own; removing one is not a developer's matter.
  'consumer.remove': admin,
  'traffic.read': viewer,
  // Who did what, with addresses: of people, not of traffic.
  'audit.read': admin,
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof permissions;

export function isPermitted(role: Role, action: Action): boolean {
  return permissions[action].includes(role);
}
