import type { Metadata } from 'next';
import { ResetForm } from '@/features/auth/reset-form';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';

export const metadata: Metadata = { title: 'Set a new password', referrer: 'no-referrer' };

export default async function ResetPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await searchParams;
  return <ResetForm email={one(query, 'email') ?? ''} code={one(query, 'code') ?? ''} />;
}
