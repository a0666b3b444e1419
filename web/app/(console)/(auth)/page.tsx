import { ArrowRight } from 'lucide-react';
import { redirect } from 'next/navigation';
import { readMe } from '@/features/api/read';
import { AuthFrame } from '@/features/auth/auth-frame';
import { NewTenantForm } from '@/features/auth/new-tenant-form';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';
import { routes } from '@/features/navigation/routes';
import { FailureState } from '@/features/ui/states';

/** The front door: to the only organisation, to the choice of several, or to the making of the first. */
export default async function FrontPage({ searchParams }: { searchParams: SearchParams }) {
  const me = await readMe();
  if (!me.ok) {
    if (me.code === 'unauthenticated') redirect(routes.signIn());
    return (
      <AuthFrame title="Sluice">
        <FailureState failure={me} />
      </AuthFrame>
    );
  }
  const [first, ...others] = me.value.memberships;
  if (first !== undefined && others.length === 0) redirect(routes.home(first.tenant));
  if (first === undefined) {
    const organisation = one(await searchParams, 'organisation') ?? '';
    return (
      <AuthFrame
        title={organisation === '' ? 'Name your organisation' : 'Choose a short name'}
        note={
          organisation === ''
            ? `Signed in as ${me.value.email}.`
            : `The one made of “${organisation}” is not free. It will stand in your addresses.`
        }
      >
        <NewTenantForm title={organisation} />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title="Choose an organisation" note={`Signed in as ${me.value.email}.`}>
      <ul className="flex flex-col gap-2">
        {me.value.memberships.map(({ tenant, title, role, purgeAt }) => (
          <li key={tenant}>
            <a
              href={routes.home(tenant)}
              className="flex items-center justify-between gap-3 rounded-card border border-line p-4 no-underline hover:bg-hover"
            >
              <span className="min-w-0">
                <span className="block truncate font-strong" title={title}>
                  <bdi>{title}</bdi>
                </span>
                <span className="text-13 text-text-2">
                  {tenant} · {role}
                  {purgeAt === null ? '' : ` · deleted, gone for good on ${purgeAt.slice(0, 10)} (UTC)`}
                </span>
              </span>
              <ArrowRight aria-hidden className="size-4 shrink-0 stroke-[1.5]" />
            </a>
          </li>
        ))}
      </ul>
    </AuthFrame>
  );
}
