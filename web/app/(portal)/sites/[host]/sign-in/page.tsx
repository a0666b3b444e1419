import type { Metadata } from 'next';
import { SignInForm } from '@/features/auth/sign-in-form';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';
import { portalRoutes } from '@/features/portal/portal-routes';

export const metadata: Metadata = { title: 'Sign in' };

export default async function PortalSignInPage({ searchParams }: { searchParams: SearchParams }) {
  return (
    <SignInForm
      next={one(await searchParams, 'next') ?? portalRoutes.applications()}
      newcomers={{ href: portalRoutes.getKey(), label: 'Get a key' }}
    />
  );
}
