import { ArrowLeft } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { AccountPage } from '@/features/account/account-page';
import { routes } from '@/features/navigation/routes';

export const metadata: Metadata = { title: 'Account' };

export default function ConsoleAccountPage() {
  return (
    <main className="mx-auto flex w-full max-w-[640px] flex-col gap-5 px-5 pt-6 pb-16 text-14">
      <Link href={routes.front()} className="flex w-fit items-center gap-1.5 text-text-2 no-underline hover:underline">
        <ArrowLeft aria-hidden className="size-4 stroke-[1.5]" />
        Back to the console
      </Link>
      <AccountPage />
    </main>
  );
}
