import { defaultEnvironment } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import type { Failure } from '@/features/api/call';
import { isFailure, requireMembership } from './membership';
import { may } from './may';

export interface PageContext {
  readonly at: At;
  readonly canEdit: boolean;
  readonly canManageMembers: boolean;
  readonly canManageHosts: boolean;
}

/** What a page of the console needs to know of its visitor, or why it cannot be known. */
export async function pageContext(params: Promise<{ tenant: string }>): Promise<PageContext | Failure> {
  const { tenant } = await params;
  const membership = await requireMembership(tenant);
  if (isFailure(membership)) return membership;
  return {
    at: { tenant, environment: defaultEnvironment },
    canEdit: may(membership, 'edit'),
    canManageMembers: may(membership, 'manage-members'),
    canManageHosts: may(membership, 'manage-hosts'),
  };
}
