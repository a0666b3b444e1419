import { slugSchema } from '@sluice/contracts';
import type { Me, Role } from '@sluice/contracts';
import { headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import type { Failure } from '@/features/api/call';
import { readMe } from '@/features/api/read';
import { addressHeader } from '@/features/navigation/page-address';
import { routes, safeNext } from '@/features/navigation/routes';

export interface Membership {
  readonly me: Me;
  readonly tenant: string;
  readonly title: string;
  readonly role: Role;
  /** The tenant is deleted, and can be restored until then; null: it is not. */
  readonly purgeAt: string | null;
}

/** The visitor's membership of a tenant. Without a session: to sign-in and back to this page; of a foreign or unknown tenant: not found. */
export async function requireMembership(tenant: string): Promise<Membership | Failure> {
  if (!slugSchema.safeParse(tenant).success) notFound();
  const me = await readMe();
  if (!me.ok) {
    if (me.code === 'unauthenticated') {
      redirect(routes.signIn(safeNext((await headers()).get(addressHeader) ?? routes.home(tenant))));
    }
    return me;
  }
  const membership = me.value.memberships.find((one) => one.tenant === tenant);
  if (membership === undefined) notFound();
  const { title, role, purgeAt } = membership;
  return { me: me.value, tenant, title, role, purgeAt };
}

export function isFailure(value: Membership | Failure): value is Failure {
  return 'ok' in value;
}
