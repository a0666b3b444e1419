// Routes that can never win, found by what can be told from the routes alone: another one that comes first takes each of
// their requests. Whoever covers a route also takes any one request that the route takes, so one look at a sample finds
// everyone who might.
import type { CompiledRoute } from '../compiled.js';
import { withHead } from '../methods.js';
import { isBelow } from '../path.js';
import type { HostTable } from './host-table.js';
import { findByPath } from './host-table.js';
import type { CompiledPath } from './paths.js';
import type { Placed } from './precedence.js';
import { comparePrecedence, compareTerms } from './precedence.js';
import { coversPredicates } from './predicates.js';
import { RegexWork } from './regex.js';
import type { TemplateSegment } from './template.js';

export interface Shadow {
  readonly route: CompiledRoute;
  readonly by: CompiledRoute;
  /** Only requests of these methods are taken away. Undefined: all are. */
  readonly methods: readonly string[] | undefined;
  /** Nothing but its name puts the other one first. */
  readonly isTie: boolean;
}

// A quarter of a second at the very worst. What is left unmatched beyond it is not reported.
const mostRegexWork = 4_000_000;

/** `all` are the table's. */
export function findShadows(table: HostTable, all: readonly Placed[]): Shadow[] {
  const work = new RegexWork(mostRegexWork);
  const placed = new Map(all.map((one) => [one.route, one]));
  return [...all].toSorted(comparePrecedence).flatMap((entry, rank): Shadow[] => {
    const rivals = [...findByPath(table, sampleOf(entry.route.path)), ...table.regexes]
      .filter((rival) => rival.rank < rank)
      .flatMap(({ route }) => placed.get(route) ?? []);
    const found = (by: Placed, methods: Shadow['methods']): Shadow[] => [
      { route: entry.route, by: by.route, methods, isTie: areTied(by, entry, work) },
    ];
    const whole = rivals.find(({ route }) => covers(route, entry.route, work));
    if (whole !== undefined) return found(whole, undefined);
    const tied = rivals.find((by) => sharedMethods(by.route, entry.route).length > 0 && areTied(by, entry, work));
    return tied === undefined ? [] : found(tied, sharedMethods(tied.route, entry.route));
  });
}

function covers(wide: CompiledRoute, narrow: CompiledRoute, work: RegexWork): boolean {
  return (
    coversMethods(wide.methods, narrow.methods) &&
    coversPath(wide.path, narrow.path, work) &&
    coversPredicates(wide.predicates, narrow.predicates, work)
  );
}

function coversMethods(wide: CompiledRoute['methods'], narrow: CompiledRoute['methods']): boolean {
  if (wide === undefined) return true;
  const taken = withHead(wide);
  return narrow !== undefined && narrow.every((method) => taken.includes(method));
}

function sharedMethods({ methods: left }: CompiledRoute, { methods: right }: CompiledRoute): readonly string[] {
  return left === undefined || right === undefined ? [] : right.filter((method) => left.includes(method));
}

// Which of the two takes a request hangs on nothing but their names. One that takes all methods is the other's fallback.
function areTied(one: Placed, other: Placed, work: RegexWork): boolean {
  if (compareTerms(one, other) !== 0) return false;
  const [left, right] = [one.route, other.route];
  return (
    (left.methods === undefined) === (right.methods === undefined) &&
    coversPath(left.path, right.path, work) &&
    coversPath(right.path, left.path, work) &&
    coversPredicates(left.predicates, right.predicates, work) &&
    coversPredicates(right.predicates, left.predicates, work)
  );
}

/** False: it does not, or it cannot be told. */
function coversPath(wide: CompiledPath, narrow: CompiledPath, work: RegexWork): boolean {
  if (wide.kind === narrow.kind && wide.text === narrow.text) return true;
  switch (wide.kind) {
    case 'exact':
      return false;
    case 'prefix':
      // What begins with the bytes /x may go on as /xy.
      return narrow.kind === 'rawPrefix' || narrow.kind === 'regex'
        ? beginningOf(narrow).startsWith(`${wide.text}/`) || wide.text === ''
        : isBelow(beginningOf(narrow), wide.text);
    case 'rawPrefix':
      return beginningOf(narrow).startsWith(wide.text) || wide.text === '/';
    case 'template':
      return coversTemplate(wide.segments, narrow);
    default:
      if (narrow.kind !== 'exact') return isEverything(wide.text);
      return narrow.text.startsWith(wide.literal) && work.matches(wide.text, narrow.text);
  }
}

// What every path that it takes begins with.
function beginningOf(path: CompiledPath): string {
  switch (path.kind) {
    case 'exact':
    case 'rawPrefix':
    case 'prefix':
      return path.text;
    case 'regex':
      return path.literal;
    default: {
      const open = path.segments.findIndex((segment) => segment.kind !== 'literal');
      const literals = path.segments.slice(0, open).map((segment) => `/${segment.text}`);
      return `${literals.join('')}/`;
    }
  }
}

function coversTemplate(wide: readonly TemplateSegment[], narrow: CompiledPath): boolean {
  if (wide[0]?.kind === 'rest') return true;
  const others = segmentsOf(narrow);
  if (others === undefined) return false;
  const isOpen = wide.at(-1)?.kind === 'rest';
  const fixed = isOpen ? wide.slice(0, -1) : wide;
  if (isOpen ? others.length <= fixed.length : others.length !== fixed.length) return false;
  if (!isOpen && others.at(-1)?.kind === 'rest') return false;
  return fixed.every((segment, index) => {
    const other = others[index];
    if (other === undefined || other.kind === 'rest') return false;
    if (segment.kind === 'literal') return other.kind === 'literal' && other.text === segment.text;
    return other.kind === 'parameter' || other.text !== '';
  });
}

function segmentsOf(path: CompiledPath): readonly TemplateSegment[] | undefined {
  if (path.kind === 'template') return path.segments;
  if (path.kind !== 'exact') return undefined;
  return path.text
    .slice(1)
    .split('/')
    .map((text) => ({ kind: 'literal', text }));
}

function isEverything(pattern: string): boolean {
  return ['.*', '/.*', '^.*$', '^/.*$', '^/.*', '(.*)', '/(.*)'].includes(pattern);
}

// A NUL comes from no client and stands in no document, so that only what is open meets it.
function sampleOf(path: CompiledPath): string {
  switch (path.kind) {
    case 'exact':
      return path.text;
    case 'prefix':
      return `${path.text}/\0`;
    case 'rawPrefix':
      return `${path.text}\0`;
    case 'template':
      return `/${path.segments.map(({ kind, text }) => (kind === 'literal' ? text : '\0')).join('/')}`;
    default:
      return path.literal;
  }
}
