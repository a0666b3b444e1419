// The routes of one host, so that a request meets only those that its path may belong to: exact paths, prefixes and the
// beginnings of templates by hashing, what follows in a template by a trie, raw prefixes by bisection. Only regexes are
// tried one by one, each behind a comparison with its literal beginning. Plain data.
import type { CompiledRoute } from '../compiled.js';
import type { Placed } from './precedence.js';
import { comparePrecedence, compareText } from './precedence.js';
import type { RawPrefixes } from './raw-prefixes.js';
import { findRawPrefixes, rawPrefixesOf } from './raw-prefixes.js';
import type { TemplateNode } from './template.js';
import { addTemplate, emptyNode, findTemplates } from './template.js';

/** A route with its place in the order of the host: the lower one takes the request. */
export interface Entry {
  readonly rank: number;
  readonly route: CompiledRoute;
}

export interface HostTable {
  /** By the whole path. Each list in order of rank, here and below. */
  readonly exact: ReadonlyMap<string, readonly Entry[]>;
  /** Characters of the longest of these: a longer path need not be hashed to know that it is none of them. */
  readonly longestExact: number;
  /** By what the path begins with, in whole segments and without a slash at its end; `''` begins everything. */
  readonly beginnings: ReadonlyMap<string, Beginning>;
  /** Bit n: some of these have n segments; bit 31 speaks of all that have more. */
  readonly depths: number;
  readonly longestBeginning: number;
  /** Undefined: there are none. */
  readonly rawPrefixes: RawPrefixes<Entry> | undefined;
  readonly regexes: readonly Entry[];
  /** All of them in the order of their patterns: what stands beside a path that nothing matches was nearest to it. */
  readonly sorted: readonly CompiledRoute[];
}

export interface Beginning {
  readonly prefixes: Entry[];
  /** Those whose first placeholder follows, by what comes behind the slash. Undefined: there are none. */
  templates: TemplateNode<Entry> | undefined;
}

const deepestBit = 31;

export function buildHostTable(placed: readonly Placed[]): HostTable {
  const entries = placed.toSorted(comparePrecedence).map(({ route }, rank): Entry => ({ rank, route }));
  const exact = new Map<string, Entry[]>();
  const beginnings = new Map<string, Beginning>();
  const raw = new Map<string, Entry[]>();
  const regexes: Entry[] = [];
  for (const entry of entries) {
    const { path } = entry.route;
    if (path.kind === 'exact') listAt(exact, path.text).push(entry);
    else if (path.kind === 'prefix') beginningAt(beginnings, path.text).prefixes.push(entry);
    else if (path.kind === 'rawPrefix') listAt(raw, path.text).push(entry);
    else if (path.kind === 'regex') regexes.push(entry);
    else {
      const open = path.segments.findIndex((segment) => segment.kind !== 'literal');
      const literals = path.segments.slice(0, open).map(({ text }) => `/${text}`);
      const beginning = beginningAt(beginnings, literals.join(''));
      beginning.templates ??= emptyNode();
      addTemplate(beginning.templates, path.segments.slice(open), entry);
    }
  }
  return {
    exact,
    longestExact: longestOf(exact.keys()),
    beginnings,
    depths: [...beginnings.keys()].reduce((bits, text) => bits | (1 << Math.min(depthOf(text), deepestBit)), 0),
    longestBeginning: longestOf(beginnings.keys()),
    rawPrefixes: raw.size === 0 ? undefined : rawPrefixesOf(raw),
    regexes,
    sorted: entries
      .map(({ route }) => route)
      .toSorted((left, right) => compareText(left.path.text, right.path.text) || compareText(left.key, right.key)),
  };
}

/** Every route whose path fits, in order of rank, except regexes: those are tried only when their turn comes. */
export function findByPath(table: HostTable, path: string): readonly Entry[] {
  const exact = path.length <= table.longestExact ? (table.exact.get(path) ?? none) : none;
  let found = table.depths === 0 ? exact : findByBeginning(table, path, exact);
  if (table.rawPrefixes !== undefined) found = joined(found, findRawPrefixes(table.rawPrefixes, path));
  // A list that is the table's own is in order already.
  return found.length > 1 ? found.toSorted(byRank) : found;
}

// Only as deep as there is anything to find, and only at depths where there is.
function findByBeginning(
  { beginnings, depths, longestBeginning }: HostTable,
  path: string,
  exact: readonly Entry[],
): readonly Entry[] {
  let found = exact;
  let end = 0;
  for (let depth = 0; end <= longestBeginning; depth += 1) {
    const bit = Math.min(depth, deepestBit);
    const left = depths >>> bit;
    if (left === 0) break;
    // Each look hashes the text, so what a path of 15,000 slashes may cost is bounded by the longest beginning.
    const beginning = (left & 1) === 1 ? beginnings.get(path.slice(0, end)) : undefined;
    if (beginning !== undefined) {
      found = joined(found, beginning.prefixes);
      if (beginning.templates !== undefined && end < path.length)
        found = joined(found, findTemplates(beginning.templates, path, end + 1));
    }
    if (end >= path.length) break;
    const next = path.indexOf('/', end + 1);
    end = next === -1 ? path.length : next;
  }
  return found;
}

function joined(found: readonly Entry[], more: readonly Entry[]): readonly Entry[] {
  if (more.length === 0) return found;
  return found.length === 0 ? more : [...found, ...more];
}

function byRank(left: Entry, right: Entry): number {
  return left.rank - right.rank;
}

function depthOf(text: string): number {
  return text.split('/').length - 1;
}

function longestOf(texts: Iterable<string>): number {
  let longest = -1;
  for (const text of texts) longest = Math.max(longest, text.length);
  return longest;
}

function listAt(map: Map<string, Entry[]>, key: string): Entry[] {
  const known = map.get(key);
  if (known !== undefined) return known;
  const list: Entry[] = [];
  map.set(key, list);
  return list;
}

function beginningAt(map: Map<string, Beginning>, key: string): Beginning {
  const known = map.get(key);
  if (known !== undefined) return known;
  const beginning: Beginning = { prefixes: [], templates: undefined };
  map.set(key, beginning);
  return beginning;
}

const none: readonly Entry[] = [];
