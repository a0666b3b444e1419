// The <html> that both root layouts share: fonts, theme from the cookie (so nothing flashes), density.
import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { themeSchema } from '@/features/ui/theme';
import { ToastProvider } from '@/features/ui/toast';
import '@/styles/globals.css';

export async function Document({ density, children }: { density: 'compact' | 'comfortable'; children: ReactNode }) {
  // Every page is rendered per request: its scripts carry that request's nonce.
  await headers();
  const theme = themeSchema.safeParse((await cookies()).get('theme')?.value).data ?? 'system';
  return (
    <html
      lang="en"
      data-theme={theme === 'system' ? undefined : theme}
      data-density={density}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
      suppressHydrationWarning
    >
      <body>
        <ToastProvider>{children}</ToastProvider>
      </body>
    </html>
  );
}
