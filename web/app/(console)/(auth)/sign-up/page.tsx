import type { Metadata } from 'next';
import { SignUpForm } from '@/features/auth/sign-up-form';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';

export const metadata: Metadata = { title: 'Sign up', referrer: 'no-referrer' };

export default async function SignUpPage({ searchParams }: { searchParams: SearchParams }) {
  return <SignUpForm invited={one(await searchParams, 'invited')} />;
}
