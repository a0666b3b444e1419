// What gateways say of targets, in few words: the gateways may differ, and the worst is what somebody must look at.
import type { EnvironmentHealth, TargetHealth } from '@sluice/contracts';
import type { Tone } from '@/features/ui/status-badge';

export interface TargetRow {
  readonly key: string;
  readonly url: string;
  readonly address: string | null;
  readonly tone: Tone;
  readonly word: string;
  /** Since when it is so; of the gateway that saw it first. */
  readonly since: string | null;
  readonly cause: string;
}

type Told = EnvironmentHealth['upstreams'][number];
const healthy = { tone: 'ok', word: 'healthy' } as const;
const unknown = { tone: 'neutral', word: 'not known yet' } as const;

export function toldOf(health: EnvironmentHealth, name: string): Told | undefined {
  return health.upstreams.find((upstream) => upstream.name === name);
}

export function targetRow({ url, address, gateways }: TargetHealth): TargetRow {
  const known = gateways.filter(({ state }) => state !== 'unknown');
  const sick = known.filter(({ state }) => state !== 'healthy');
  const shown = [sick, known, gateways].find(({ length }) => length > 0) ?? [];
  const first = shown.toSorted((left, right) => (left.since < right.since ? -1 : 1))[0];
  const well = known.length === 0 ? unknown : healthy;
  const words = [...new Set(sick.map(({ state }) => state))].toSorted().join(', ');
  const where = sick.length === gateways.length ? '' : ` at ${sick.length} of ${gateways.length} gateways`;
  return {
    key: `${url} ${address ?? ''}`,
    url,
    address,
    tone: sick.length === 0 ? well.tone : sick.length === gateways.length ? 'bad' : 'warn',
    word: sick.length === 0 ? well.word : words + where,
    since: first?.since ?? null,
    cause: first?.cause ?? '',
  };
}

/** An upstream in a word. Undefined: no gateway has told of it. */
export function upstreamState(told: Told | undefined): { readonly tone: Tone; readonly word: string } | undefined {
  if (told === undefined || told.targets.length === 0) return undefined;
  const rows = told.targets.map(targetRow);
  const count = (tone: Tone): number => rows.filter((row) => row.tone === tone).length;
  const well = count('ok');
  if (well === rows.length) return healthy;
  if (count('neutral') === rows.length) return unknown;
  const isNoneOut = well + count('neutral') === rows.length;
  const tone = isNoneOut ? 'neutral' : count('bad') === rows.length ? 'bad' : 'warn';
  return { tone, word: `${well} of ${rows.length} healthy` };
}
