import type { Metadata } from 'next';
import { SignInForm } from '@/features/auth/sign-in-form';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';
import { routes } from '@/features/navigation/routes';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  return <SignInForm next={one(await searchParams, 'next')} newcomers={{ href: routes.signUp(), label: 'Sign up' }} />;
}
