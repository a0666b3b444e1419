import { clsx } from 'clsx';

const kinds = [
  { upTo: 299, shape: '●', word: 'ok', style: 'bg-info-tint text-info' },
  { upTo: 399, shape: '●', word: 'redirect', style: 'bg-sunken text-text-2' },
  { upTo: 499, shape: '▲', word: 'client error', style: 'bg-warn-tint text-warn' },
  { upTo: 599, shape: '■', word: 'server error', style: 'bg-bad-tint text-bad' },
] as const;
const limited = { shape: '◆', word: 'limited', style: 'bg-limited-tint text-limited' };

/** An HTTP status with a shape for its class: ● ok, ▲ client, ◆ limited, ■ error. */
export function HttpStatus({ status }: { status: number }) {
  const kind = status === 429 ? limited : (kinds.find(({ upTo }) => status <= upTo) ?? kinds[3]);
  return (
    <span className={clsx('numbers inline-flex h-6 items-center gap-1 rounded-chip px-1.5 text-12', kind.style)}>
      <span aria-hidden className="text-[9px]">
        {kind.shape}
      </span>
      <span className="font-strong">{status}</span>
      <span className="sr-only">{kind.word}</span>
    </span>
  );
}
