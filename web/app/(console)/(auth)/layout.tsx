import type { ReactNode } from 'react';
import { Mark } from '@/features/ui/mark';

/** The pages before an organisation: a narrow column under the product's mark. */
export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col justify-center px-5 pb-10">
      <p className="mx-auto flex w-full max-w-[400px] items-center gap-2 font-strong text-16">
        <Mark />
        Sluice
      </p>
      {children}
    </main>
  );
}
