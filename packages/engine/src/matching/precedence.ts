// Which of two routes takes a request that both would take. In this order, the first difference decides:
//
//  1. `match.priority`, the higher one; 0 where none is written
//  2. the host: named exactly, by the longer wildcard, by the shorter one, not named at all
//  3. the path: exact, then template, then whatever is open at its end (prefix; template with {rest...}), then rawPrefix,
//     then regex
//  4. among templates: more literal segments, then a literal further left. Among open ones: more literal segments, then
//     more segments, then the template. Among raw prefixes: the longer one. Among regexes: the longer literal beginning,
//     then the longer pattern
//  5. more predicates of header, query and version; of as many, more that ask for an exact value (a version is one), then
//     more with a regex, then more of headers
//  6. methods: names HEAD, names some, takes all. (Where GET is named, HEAD is taken too: RFC 9110, section 9.3.2.)
//  7. the key (`api/route`): of two that differ in nothing above, the later one is reported as shadowed
//
// The document's order means nothing, so an import, a sort or a merge never changes who answers.
import type { CompiledRoute } from '../compiled.js';
import type { CompiledPath } from './paths.js';
import type { ValueTest } from './predicates.js';
import { isLiteral } from './template.js';

/** A route as one host sees it. */
export interface Placed {
  readonly route: CompiledRoute;
  readonly hostRank: number;
}

/** Negative: the left one takes it. Never 0 for two routes. */
export function comparePrecedence(left: Placed, right: Placed): number {
  return (
    compareTerms(left, right) ||
    methodRank(right.route) - methodRank(left.route) ||
    compareText(left.route.key, right.route.key)
  );
}

/** Without methods and key: 0 where nothing that was written puts one before the other. */
export function compareTerms(left: Placed, right: Placed): number {
  return (
    right.route.priority - left.route.priority ||
    right.hostRank - left.hostRank ||
    comparePaths(left.route.path, right.route.path) ||
    compareRanks(predicateRank(left.route), predicateRank(right.route))
  );
}

export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function comparePaths(left: CompiledPath, right: CompiledPath): number {
  return (
    compareRanks(rankOf(left), rankOf(right)) ||
    (left.kind === 'template' && right.kind === 'template'
      ? compareText(shapeOf(left.segments), shapeOf(right.segments))
      : 0)
  );
}

// The first number that differs decides: the greater one is before.
function compareRanks(left: readonly number[], right: readonly number[]): number {
  for (const [index, number] of left.entries()) {
    const difference = (right[index] ?? 0) - number;
    if (difference !== 0) return difference;
  }
  return 0;
}

function rankOf(path: CompiledPath): readonly number[] {
  switch (path.kind) {
    case 'exact':
      return [4, 0, 0, 0];
    case 'template': {
      const literals = path.segments.filter(isLiteral).length;
      const isOpen = path.segments.at(-1)?.kind === 'rest';
      return isOpen ? [2, literals, path.segments.length - 1, 1] : [3, literals, 0, 0];
    }
    case 'prefix': {
      const segments = path.text === '' ? 0 : path.text.split('/').length - 1;
      return [2, segments, segments, 0];
    }
    case 'rawPrefix':
      return [1, path.text.length, 0, 0];
    default:
      return [0, path.literal.length, path.text.length, 0];
  }
}

// A literal sorts before a placeholder.
function shapeOf(segments: Extract<CompiledPath, { kind: 'template' }>['segments']): string {
  return segments.map((segment) => (isLiteral(segment) ? 'a' : 'b')).join('');
}

function predicateRank({ predicates }: CompiledRoute): readonly number[] {
  const asking = (kind: ValueTest['kind']): number =>
    predicates.filter((one) => (one.on === 'media-version' ? 'exact' : one.test.kind) === kind).length;
  return [predicates.length, asking('exact'), asking('regex'), predicates.filter(({ on }) => on !== 'query').length];
}

function methodRank({ methods }: CompiledRoute): number {
  return methods === undefined ? 0 : methods.includes('HEAD') ? 2 : 1;
}
