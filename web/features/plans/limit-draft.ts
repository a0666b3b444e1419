// A limit as the form holds it, and the way there and back. The amounts of all kinds are kept, so that looking at
// another kind loses nothing; only the chosen one is sent.
import type { Limit, QuotaPeriod } from '@sluice/contracts';

export const limitKinds = ['window', 'quota', 'rate', 'concurrency'] as const;
export type LimitKind = (typeof limitKinds)[number];

export interface LimitDraft {
  readonly id: number;
  /** Empty: named by its kind and time. */
  readonly name: string;
  readonly kind: LimitKind;
  readonly rate: string;
  /** Empty: what one second brings. */
  readonly burst: string;
  readonly window: string;
  readonly sliding: boolean | undefined;
  readonly quotaUnits: string;
  readonly quotaPeriod: QuotaPeriod;
  readonly anchor: Limit['anchor'];
  readonly concurrency: string;
  readonly onOutage: Limit['onOutage'];
  readonly dryRun: boolean | undefined;
}

export function emptyLimit(id: number, kind: LimitKind): LimitDraft {
  return {
    id,
    name: '',
    kind,
    rate: '10/second',
    burst: '',
    window: '100/minute',
    sliding: undefined,
    quotaUnits: '10000',
    quotaPeriod: 'month',
    anchor: undefined,
    concurrency: '10',
    onOutage: 'deny',
    dryRun: undefined,
  };
}

export function limitDraftOf(limit: Limit, id: number): LimitDraft {
  const kind = limitKinds.find((one) => limit[one] !== undefined) ?? 'window';
  const empty = emptyLimit(id, kind);
  const [quotaUnits, quotaPeriod] = limit.quota?.split('/') ?? [];
  return {
    ...empty,
    name: limit.name ?? '',
    rate: limit.rate ?? empty.rate,
    burst: limit.burst === undefined ? '' : String(limit.burst),
    window: limit.window ?? empty.window,
    sliding: limit.sliding,
    quotaUnits: quotaUnits ?? empty.quotaUnits,
    quotaPeriod: (quotaPeriod as QuotaPeriod | undefined) ?? empty.quotaPeriod,
    anchor: limit.anchor,
    concurrency: limit.concurrency === undefined ? empty.concurrency : String(limit.concurrency),
    onOutage: limit.onOutage,
    dryRun: limit.dryRun,
  };
}

export function limitOf(draft: LimitDraft): Limit {
  const { name, onOutage, dryRun } = draft;
  return {
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    ...amountOf(draft),
    onOutage,
    ...(dryRun === undefined ? {} : { dryRun }),
  };
}

function amountOf(draft: LimitDraft): Omit<Limit, 'name' | 'onOutage' | 'dryRun'> {
  const { kind, burst, sliding, anchor } = draft;
  if (kind === 'rate') return { rate: draft.rate.trim(), ...(burst.trim() === '' ? {} : { burst: wholeOf(burst) }) };
  if (kind === 'window') return { window: draft.window.trim(), ...(sliding === undefined ? {} : { sliding }) };
  if (kind === 'concurrency') return { concurrency: wholeOf(draft.concurrency) };
  const quota = `${digitsOf(draft.quotaUnits)}/${draft.quotaPeriod}`;
  return { quota, ...(anchor === undefined ? {} : { anchor }) };
}

function wholeOf(text: string): number {
  const digits = digitsOf(text);
  return /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
}

/** A whole number as people write it, `10,000` too. Anything else stays as it is, and the schema refuses it. */
function digitsOf(text: string): string {
  const written = text.trim();
  return /^\d{1,3}(?:[ ,_]\d{3})+$/.test(written) ? written.replaceAll(/\D/g, '') : written;
}
