import type { ReactNode } from 'react';

/** A page's title, its one-line state, and its one primary action. */
export function PageHeader({ title, state, actions }: { title: ReactNode; state?: ReactNode; actions?: ReactNode }) {
  return (
    <header className="flex min-h-14 flex-wrap items-center justify-between gap-x-4 gap-y-2 pt-4 pb-3">
      <div className="min-w-0">
        <h1 className="text-18 wrap-anywhere">{title}</h1>
        {state !== undefined && <p className="text-text-2">{state}</p>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}

export function Section({
  title,
  note,
  actions,
  children,
}: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <div className="min-w-0">
          <h2 className="text-16">{title}</h2>
          {note !== undefined && <p className="text-13 text-text-2">{note}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}

export function Card({ children, className = '' }: { children: ReactNode; className?: string }) {
  return <div className={`min-w-0 rounded-card border border-line bg-surface p-4 ${className}`}>{children}</div>;
}
