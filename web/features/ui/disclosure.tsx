'use client';

import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';

/**
 * A part that most people leave alone. It is open from the start when something in it is set, and whenever something in
 * it is wrong. Who may only read opens it too: a disabled fieldset disables buttons, and not this.
 */
export function Disclosure({
  title,
  summary,
  isOpenAtFirst = false,
  isForcedOpen = false,
  children,
}: {
  title: string;
  /** What it does as it stands: shown while it is folded. */
  summary?: string;
  isOpenAtFirst?: boolean;
  isForcedOpen?: boolean;
  children: ReactNode;
}) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  // It does not fold by itself when that is mended: somebody is typing there.
  if (isForcedOpen && !isOpen) setIsOpen(true);
  return (
    <details
      open={isOpen}
      onToggle={({ currentTarget: { open } }) => {
        // A browser opens it by itself where it finds what is searched for.
        if (open !== isOpen) setIsOpen(open);
      }}
    >
      <summary
        className="tap flex min-h-6 w-fit max-w-full list-none items-start gap-1 rounded-chip py-[3px] text-13 text-text-2 hover:text-text [&::-webkit-details-marker]:hidden"
        onClick={(event) => {
          // The state decides: what is wrong inside stays in view.
          event.preventDefault();
          setIsOpen(!isOpen);
        }}
      >
        <ChevronRight aria-hidden className={`mt-px size-4 shrink-0 stroke-[1.5] ${isOpen ? 'rotate-90' : ''}`} />
        <span className="min-w-0">
          <span className="font-strong">{title}</span>
          {summary !== undefined && !isOpen && <span className="wrap-anywhere text-text-3"> · {summary}</span>}
        </span>
      </summary>
      <div className="flex flex-col gap-4 pt-4">{children}</div>
    </details>
  );
}
