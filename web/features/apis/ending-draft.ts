// How a route ends, as the form holds it: upstreams, a redirect, or an answer of the gateway's own. The form keeps all
// three, so that looking at another one loses nothing; only the chosen one is sent.
import type { Redirect, RouteSpec, Split } from '@sluice/contracts';

export interface ArmDraft {
  readonly id: number;
  readonly name: string;
  readonly upstream: string;
  readonly percent: string;
}

export const stickyKinds = ['none', 'application', 'ip', 'header', 'cookie'] as const;
export type StickyKind = (typeof stickyKinds)[number];

export const endings = ['split', 'redirect', 'answer'] as const;
export type Ending = (typeof endings)[number];

export interface EndingDraft {
  readonly ending: Ending;
  readonly sticky: StickyKind;
  /** Of `sticky: header`. */
  readonly stickyHeader: string;
  readonly arms: readonly ArmDraft[];
  readonly redirectTo: string;
  readonly redirectStatus: string;
  readonly answerStatus: string;
  readonly contentType: string;
  readonly body: string;
}

export const redirectStatuses = [301, 302, 303, 307, 308] as const;

export function emptyEnding(upstream: string): EndingDraft {
  return {
    ending: 'split',
    sticky: 'none',
    stickyHeader: 'x-user',
    arms: [{ id: 0, name: 'stable', upstream, percent: '100' }],
    redirectTo: '',
    redirectStatus: '302',
    answerStatus: '200',
    contentType: 'text/plain; charset=utf-8',
    body: '',
  };
}

type EndingSpec = Pick<RouteSpec, Ending>;

export function endingDraftOf({ split, redirect, answer }: EndingSpec): EndingDraft {
  const empty = emptyEnding('');
  const [stickyKind, stickyHeader] = split?.sticky.split(':') ?? [];
  return {
    ...empty,
    ending: redirect === undefined ? (answer === undefined ? 'split' : 'answer') : 'redirect',
    sticky: stickyKinds.find((kind) => kind === stickyKind) ?? empty.sticky,
    stickyHeader: stickyHeader ?? empty.stickyHeader,
    arms:
      split?.arms.map(({ name, upstream, weight }, id) => ({ id, name, upstream, percent: String(weight / 100) })) ??
      empty.arms,
    redirectTo: redirect?.to ?? '',
    redirectStatus: String(redirect?.status ?? empty.redirectStatus),
    answerStatus: String(answer?.status ?? empty.answerStatus),
    contentType: answer?.contentType ?? empty.contentType,
    body: answer?.body ?? empty.body,
  };
}

export function endingOf(draft: EndingDraft): EndingSpec {
  const { ending, redirectTo, redirectStatus, answerStatus, contentType, body } = draft;
  if (ending === 'split') return { split: splitOf(draft) };
  if (ending === 'answer') return { answer: { status: numberOf(answerStatus), contentType, body } };
  return { redirect: { to: redirectTo, status: Number(redirectStatus) as Redirect['status'] } };
}

function splitOf({ sticky, stickyHeader, arms }: EndingDraft): Split {
  return {
    sticky: sticky === 'header' ? `header:${stickyHeader.trim()}` : sticky,
    arms: arms.map((arm) => ({
      name: arm.name.trim(),
      upstream: arm.upstream,
      weight: Math.round(numberOf(arm.percent.replace(',', '.')) * 100),
    })),
  };
}

/** An empty field is no number: the schema refuses it, instead of reading a zero that nobody wrote. */
export function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
