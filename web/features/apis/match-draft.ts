// Which requests a route takes, as the form holds it, and the way there and back.
import type { Match } from '@sluice/contracts';
import { wordsOf } from '@/features/ui/list-draft';

export const pathKinds = ['prefix', 'exact', 'template', 'rawPrefix', 'regex'] as const;
export type PathKind = (typeof pathKinds)[number];

export const predicateTests = ['exact', 'regex', 'present', 'absent'] as const;
export type PredicateTest = (typeof predicateTests)[number];

/** What a header or a member of the query must be. */
export interface PredicateDraft {
  readonly id: number;
  readonly name: string;
  readonly test: PredicateTest;
  /** Of `exact` and `regex`. */
  readonly value: string;
}

export interface MatchDraft {
  readonly hosts: string;
  readonly pathKind: PathKind;
  readonly path: string;
  readonly methods: readonly string[];
  /** Null: the route says nothing of them. */
  readonly headers: readonly PredicateDraft[] | null;
  readonly query: readonly PredicateDraft[] | null;
  /** Empty: the route says none. */
  readonly priority: string;
}

export function matchDraftOf(match: Match): MatchDraft {
  const { kind, text } = pathOf(match.path);
  return {
    hosts: match.hosts?.join(', ') ?? '',
    pathKind: kind,
    path: text,
    methods: match.methods ?? [],
    headers: match.headers?.map(predicateDraftOf) ?? null,
    query: match.query?.map(predicateDraftOf) ?? null,
    priority: match.priority === undefined ? '' : String(match.priority),
  };
}

export function matchOf(draft: MatchDraft): Match {
  const hosts = wordsOf(draft.hosts);
  return {
    ...(hosts.length === 0 ? {} : { hosts }),
    path: { [draft.pathKind]: draft.path } as Match['path'],
    ...(draft.methods.length === 0 ? {} : { methods: [...draft.methods] }),
    ...(draft.headers === null ? {} : { headers: draft.headers.map(predicateOf) }),
    ...(draft.query === null ? {} : { query: draft.query.map(predicateOf) }),
    ...(draft.priority.trim() === '' ? {} : { priority: Number(draft.priority) }),
  };
}

/** A path's kind and its text. */
export function pathOf(path: Match['path']): { readonly kind: PathKind; readonly text: string } {
  const [kind, text] = Object.entries(path)[0] as [PathKind, string];
  return { kind, text };
}

/** A path in one glance: `/users/*` for whole segments, `/users…` for bytes, `~` before an expression. */
export function pathInWords(path: Match['path']): string {
  const { kind, text } = pathOf(path);
  if (kind === 'prefix') return `${text.replace(/\/$/, '')}/*`;
  if (kind === 'rawPrefix') return `${text}…`;
  return kind === 'regex' ? `~ ${text}` : text;
}

type Predicate = NonNullable<Match['headers']>[number];

function predicateDraftOf(predicate: Predicate, id: number): PredicateDraft {
  const { name, exact, regex, present } = predicate;
  if (exact !== undefined) return { id, name, test: 'exact', value: exact };
  if (regex !== undefined) return { id, name, test: 'regex', value: regex };
  return { id, name, test: present === false ? 'absent' : 'present', value: '' };
}

function predicateOf({ name, test, value }: PredicateDraft): Predicate {
  if (test === 'exact' || test === 'regex') return { name, [test]: value };
  return { name, present: test === 'present' };
}
