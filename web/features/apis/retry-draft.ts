// The policy `retries` as fields. Its settings are the server's knowledge: what these fields do not know stays as JSON
// among the other policies, and what nobody touches stays as it is written.
import { z } from 'zod';
import { nextId, numberOrWord, wordsOf } from '@/features/ui/list-draft';
import { readNumber, textOf } from '@/features/ui/number-part';
import type { NumberField } from '@/features/ui/number-part';
import { readJson } from './policy-draft';
import type { PolicyDraft } from './policy-draft';
import type { RouteDraft } from './route-draft';

export const retryPolicy = 'retries';

/** What each number may be. Its own docs page is checked to say the same. */
export const retryNumbers = {
  attempts: { least: 1, most: 5, usual: 2 },
  backoffMs: { least: 0, most: 10_000, usual: 25 },
  maxBufferBytes: { least: 0, most: 1_048_576, usual: 65_536 },
} as const satisfies Record<string, NumberField>;

export const usualRetries = { methods: 'GET, HEAD, OPTIONS', statuses: '502, 503, 504' } as const;

export interface RetryTexts {
  readonly attempts: string;
  readonly statuses: string;
  readonly methods: string;
  readonly backoffMs: string;
  readonly maxBufferBytes: string;
}

// A text stands where a number should while somebody types: the server refuses it at its own pointer. A list of nothing
// means nothing at all, where an empty field means what goes without saying: only JSON can say it.
const number = z.union([z.number(), z.string()]);
const settingsSchema = z
  .strictObject({
    attempts: number,
    backoffMs: number,
    maxBufferBytes: number,
    statuses: z.array(number).min(1),
    methods: z.array(z.string()).min(1),
  })
  .partial();

/** Undefined: another policy, one that somebody writes as text, or settings that only their JSON shows whole. */
export function retryTextsOf({ name, text, isWritten }: PolicyDraft): RetryTexts | undefined {
  if (name.trim() !== retryPolicy || isWritten === true) return undefined;
  const read = readJson(text);
  const settings = settingsSchema.safeParse(read.ok ? read.value : null).data;
  if (settings === undefined) return undefined;
  const shown = (value: string | number | undefined) => (typeof value === 'string' ? value : textOf(value));
  return {
    attempts: shown(settings.attempts),
    backoffMs: shown(settings.backoffMs),
    maxBufferBytes: shown(settings.maxBufferBytes),
    statuses: settings.statuses?.join(', ') ?? '',
    methods: settings.methods?.join(', ') ?? '',
  };
}

/** As settings: an empty text says nothing. */
export function retryText({ attempts, statuses, methods, backoffMs, maxBufferBytes }: RetryTexts): string {
  const [codes, names] = [wordsOf(statuses).map(numberOrWord), wordsOf(methods.toUpperCase())];
  const settings = {
    ...orText('attempts', attempts),
    ...(codes.length === 0 ? {} : { statuses: codes }),
    ...(names.length === 0 ? {} : { methods: names }),
    ...orText('backoffMs', backoffMs),
    ...orText('maxBufferBytes', maxBufferBytes),
  };
  return JSON.stringify(settings, null, 2);
}

/** What was dropped comes back as it was: turning it off and on again loses nothing. */
export function newRetryPolicy(
  policies: readonly PolicyDraft[],
  dropped: PolicyDraft = { id: 0, name: retryPolicy, text: '{}' },
): PolicyDraft {
  return { ...dropped, id: nextId(policies) };
}

/** Whether the fields show this policy, and not the list of policies: only where requests go to upstreams. */
export function isRetryShown(
  { ending, policies }: Pick<RouteDraft, 'ending' | 'policies'>,
  policy: PolicyDraft,
): boolean {
  const first = policies.find(({ name }) => name.trim() === retryPolicy);
  return ending === 'split' && first === policy && retryTextsOf(policy) !== undefined;
}

export function retrySummary(policy: PolicyDraft | undefined): string {
  if (policy === undefined) return 'only where no connection opened, unless the API says more';
  const texts = retryTextsOf(policy);
  if (texts === undefined) return 'as the policy retries says';
  const attempts = readNumber(texts.attempts) ?? retryNumbers.attempts.usual;
  const statuses = texts.statuses.trim() === '' ? usualRetries.statuses : texts.statuses.trim();
  return `${Number.isFinite(attempts) ? attempts : '?'} more, also after ${statuses}`;
}

/** JSON has neither NaN nor infinity: what is no number goes as it was typed. */
function orText(key: string, text: string): object {
  const value = readNumber(text);
  return value === undefined ? {} : { [key]: Number.isFinite(value) ? value : text.trim() };
}
