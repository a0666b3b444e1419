// The routes of one host, so that a request meets only those that its path may belong to: exact paths and prefixes by
// hashing, templates by a trie, raw prefixes by bisection. Only regexes are tried one by one, each behind a comparison
// with its literal beginning. Plain data.
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
  /** By the prefix without a slash at its end; `''` is the prefix of everything. */
  readonly prefix: ReadonlyMap<string, readonly Entry[]>;
  /** Characters of the longest of these: no part of a path beyond it need be looked up. */
  readonly longestPrefix: number;
  /** Undefined: there are none. The same below. */
  readonly templates: TemplateNode<Entry> | undefined;
  readonly rawPrefixes: RawPrefixes<Entry> | undefined;
  readonly regexes: readonly Entry[];
  /** All of them in the order of their patterns: what stands beside a path that nothing matches was nearest to it. */
  readonly sorted: readonly CompiledRoute[];
}

export function buildHostTable(placed: readonly Placed[]): HostTable {
  const entries = placed.toSorted(comparePrecedence).map(({ route }, rank): Entry => ({ rank, route }));
  const exact = new Map<string, Entry[]>();
  const prefix = new Map<string, Entry[]>();
  const raw = new Map<string, Entry[]>();
  const regexes: Entry[] = [];
  const root = emptyNode<Entry>();
  let longestPrefix = 0;
  for (const entry of entries) {
    const { path } = entry.route;
    if (path.kind === 'exact') listAt(exact, path.text).push(entry);
    else if (path.kind === 'rawPrefix') listAt(raw, path.text).push(entry);
    else if (path.kind === 'template') addTemplate(root, path.segments, entry);
    else if (path.kind === 'regex') regexes.push(entry);
    else {
      listAt(prefix, path.text).push(entry);
      longestPrefix = Math.max(longestPrefix, path.text.length);
    }
  }
  return {
    exact,
    prefix,
    longestPrefix,
    templates: entries.some(({ route }) => route.path.kind === 'template') ? root : undefined,
    rawPrefixes: raw.size === 0 ? undefined : rawPrefixesOf(raw),
    regexes,
    sorted: entries
      .map(({ route }) => route)
      .toSorted((left, right) => compareText(left.path.text, right.path.text) || compareText(left.key, right.key)),
  };
}

/** Every route whose path fits, in order of rank, except regexes: those are tried only when their turn comes. */
export function findByPath(table: HostTable, path: string): readonly Entry[] {
  const exact = table.exact.get(path);
  const found: Entry[] = [];
  if (table.templates !== undefined) findTemplates(table.templates, path, 1, found);
  findPrefixes(table, path, found);
  if (table.rawPrefixes !== undefined) findRawPrefixes(table.rawPrefixes, path, found);
  if (found.length === 0) return exact ?? none;
  if (exact !== undefined) found.push(...exact);
  return found.length === 1 ? found : found.sort(byRank);
}

function findPrefixes(table: HostTable, path: string, found: Entry[]): void {
  if (table.prefix.size === 0) return;
  // Each look hashes the whole text: from the path's end, 15,000 slashes would cost a fifth of a second.
  const longest = path.length <= table.longestPrefix ? path.length : path.lastIndexOf('/', table.longestPrefix);
  for (let length = longest; length >= 0; length = path.lastIndexOf('/', length - 1)) {
    const entries = table.prefix.get(path.slice(0, length));
    if (entries !== undefined) found.push(...entries);
    if (length === 0) break;
  }
}

function byRank(left: Entry, right: Entry): number {
  return left.rank - right.rank;
}

function listAt(map: Map<string, Entry[]>, key: string): Entry[] {
  const known = map.get(key);
  if (known !== undefined) return known;
  const list: Entry[] = [];
  map.set(key, list);
  return list;
}

const none: readonly Entry[] = [];
