'use client';

import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';

/** A part that most people leave alone. It is open from the start when something in it is set, and whenever something in it is wrong. */
export function Disclosure({
  title,
  isOpenAtFirst = false,
  isForcedOpen = false,
  children,
}: {
  title: string;
  isOpenAtFirst?: boolean;
  isForcedOpen?: boolean;
  children: ReactNode;
}) {
  const [isChosenOpen, setIsChosenOpen] = useState(isOpenAtFirst);
  const id = useId();
  const isOpen = isChosenOpen || isForcedOpen;
  return (
    <div className="flex flex-col gap-4">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        className="tap flex min-h-6 w-fit items-center gap-1 rounded-chip text-13 font-strong text-text-2 hover:text-text"
        onClick={() => setIsChosenOpen(!isOpen)}
      >
        <ChevronRight aria-hidden className={`size-4 stroke-[1.5] ${isOpen ? 'rotate-90' : ''}`} />
        {title}
      </button>
      <div id={id} hidden={!isOpen} className={isOpen ? 'flex flex-col gap-4' : undefined}>
        {children}
      </div>
    </div>
  );
}
