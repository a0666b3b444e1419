'use client';

import { Button } from './button';

/** For a bug of ours: a page that broke while it was drawn. Expected failures never come here. */
export function ErrorPage({ digest, onRetry }: { digest: string | undefined; onRetry: () => void }) {
  return (
    <main className="mx-auto flex max-w-[560px] flex-col items-start gap-3 px-5 py-16">
      <h1 className="text-22">This page could not be drawn</h1>
      <p className="text-text-2">
        It is a fault of the portal, not of your configuration; the gateways are not touched by it. Try again; if it
        stays, report it{digest === undefined ? '' : ` with the mark ${digest}`}.
      </p>
      <Button onClick={onRetry}>Try again</Button>
    </main>
  );
}
