import { clsx } from 'clsx';
import { Ban, CircleAlert, CircleCheck, CircleDashed, Info } from 'lucide-react';
import type { ReactNode } from 'react';

export type Tone = 'ok' | 'warn' | 'bad' | 'limited' | 'info' | 'neutral';

const tones: Record<Tone, string> = {
  ok: 'bg-ok-tint text-ok',
  warn: 'bg-warn-tint text-warn',
  bad: 'bg-bad-tint text-bad',
  limited: 'bg-limited-tint text-limited',
  info: 'bg-info-tint text-info',
  neutral: 'bg-sunken text-text-2',
};
const icons = { ok: CircleCheck, warn: CircleAlert, bad: CircleAlert, limited: Ban, info: Info, neutral: CircleDashed };

/** A state: a shape and a word; the colour only repeats them. */
export function StatusBadge({ tone, children }: { tone: Tone; children: ReactNode }) {
  const Icon = icons[tone];
  return (
    <span
      className={clsx(
        'inline-flex h-6 w-fit items-center gap-1 rounded-chip px-1.5 text-12 font-strong whitespace-nowrap',
        tones[tone],
      )}
    >
      <Icon aria-hidden className="size-3.5 stroke-[1.5]" />
      {children}
    </span>
  );
}
