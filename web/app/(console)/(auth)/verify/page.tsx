import type { Metadata } from 'next';
import { VerifyForm } from '@/features/auth/verify-form';
import { one } from '@/features/navigation/query';
import type { SearchParams } from '@/features/navigation/query';

export const metadata: Metadata = { title: 'Confirm your address', referrer: 'no-referrer' };

export default async function VerifyPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await searchParams;
  return (
    <VerifyForm
      email={one(query, 'email') ?? ''}
      code={one(query, 'code') ?? ''}
      organisation={one(query, 'organisation')}
      next={one(query, 'next')}
    />
  );
}
