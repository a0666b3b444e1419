import type { ReactNode } from 'react';

export function AuthFrame({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[400px] flex-col justify-center gap-5 px-5 py-10">
      <div className="flex items-center gap-2">
        {/* An icon of 32 px needs no image optimiser. */}
        <svg viewBox="0 0 32 32" aria-hidden className="size-7">
          <rect width="32" height="32" rx="7" fill="var(--accent)" />
          <path
            d="M7 9h18M7 23h18M10 9v14M16 9v9M22 9v14"
            stroke="var(--on-accent)"
            strokeWidth="2.6"
            strokeLinecap="round"
          />
        </svg>
        <span className="font-strong text-16">Sluice</span>
      </div>
      <div>
        <h1 className="text-22">{title}</h1>
        {note !== undefined && <p className="mt-1 text-text-2">{note}</p>}
      </div>
      {children}
    </main>
  );
}
