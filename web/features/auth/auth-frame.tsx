import type { ReactNode } from 'react';

/** A title and a form in a narrow column. */
export function AuthFrame({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className="mx-auto flex w-full max-w-[400px] flex-col gap-5 pt-5 text-14">
      <div>
        <h1 className="text-22">{title}</h1>
        {note !== undefined && <p className="mt-1 wrap-anywhere text-text-2">{note}</p>}
      </div>
      {children}
    </div>
  );
}
