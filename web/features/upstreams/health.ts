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

export function toldOf(health: EnvironmentHealth, name: string): Told | undefined {
  return health.upstreams.find((upstream) => upstream.name === name);
}

export function targetRow({ url, address, gateways }: TargetHealth): TargetRow {
  const sick = gateways.filter(({ state }) => state !== 'healthy');
  const shown = sick.length > 0 ? sick : gateways;
  const first = shown.toSorted((left, right) => (left.since < right.since ? -1 : 1))[0];
  const words = [...new Set(sick.map(({ state }) => state))].toSorted().join(', ');
  const where = sick.length === gateways.length ? '' : ` at ${sick.length} of ${gateways.length} gateways`;
  return {
    key: `${url} ${address ?? ''}`,
    url,
    address,
    tone: sick.length === 0 ? 'ok' : sick.length === gateways.length ? 'bad' : 'warn',
    word: sick.length === 0 ? 'healthy' : words + where,
    since: first?.since ?? null,
    cause: first?.cause ?? '',
  };
}

/** An upstream in a word. Undefined: no gateway has told of it. */
export function upstreamState(told: Told | undefined): { readonly tone: Tone; readonly word: string } | undefined {
  if (told === undefined || told.targets.length === 0) return undefined;
  const rows = told.targets.map(targetRow);
  const well = rows.filter(({ tone }) => tone === 'ok').length;
  if (well === rows.length) return { tone: 'ok', word: 'healthy' };
  const isAllOut = rows.every(({ tone }) => tone === 'bad');
  return { tone: isAllOut ? 'bad' : 'warn', word: `${well} of ${rows.length} healthy` };
}
