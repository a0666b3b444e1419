import type { Metadata } from 'next';
import { AccountPage } from '@/features/account/account-page';

export const metadata: Metadata = { title: 'Account' };

export default function PortalAccountPage() {
  return (
    <div className="flex max-w-[640px] flex-col pt-10">
      <AccountPage />
    </div>
  );
}
