// What a route asks of headers and of the query, beside host, path and method.
import type { Match } from '@sluice/contracts';
import type { RegexWork } from './regex.js';
import type { RequestProbe } from './request-probe.js';

export type ValueTest =
  | { readonly kind: 'exact'; readonly text: string }
  | { readonly kind: 'regex'; readonly text: string }
  | { readonly kind: 'present' }
  | { readonly kind: 'absent' };

export type CompiledPredicate =
  | {
      readonly on: 'header' | 'query';
      readonly name: string;
      readonly test: ValueTest;
      /** Holds without a value too: the version that is taken where none is named. */
      readonly orAbsent: boolean;
    }
  | { readonly on: 'media-version'; readonly version: string; readonly orAbsent: boolean };

type Written = NonNullable<Match['headers'] | Match['query']>[number];

export function compilePredicate(on: 'header' | 'query', { name, exact, regex, present }: Written): CompiledPredicate {
  const test: ValueTest =
    exact !== undefined
      ? { kind: 'exact', text: exact }
      : regex !== undefined
        ? { kind: 'regex', text: regex }
        : { kind: present === true ? 'present' : 'absent' };
  return { on, name, test, orAbsent: false };
}

/** The first predicate that the request does not meet. */
export function unmet(predicates: readonly CompiledPredicate[], probe: RequestProbe): CompiledPredicate | undefined {
  for (const predicate of predicates) if (!holds(predicate, probe)) return predicate;
  return undefined;
}

function holds(predicate: CompiledPredicate, probe: RequestProbe): boolean {
  if (probe.isPreflight && predicate.on !== 'query') return true;
  if (predicate.on === 'media-version') {
    const version = probe.version();
    return version === undefined ? predicate.orAbsent : version === predicate.version;
  }
  const { on, name, test, orAbsent } = predicate;
  const value = on === 'header' ? probe.header(name) : probe.query(name);
  if (value === undefined) return orAbsent || test.kind === 'absent';
  switch (test.kind) {
    case 'exact':
      return value === test.text;
    case 'regex':
      return probe.matches(test.text, value);
    case 'present':
      return true;
    default:
      return false;
  }
}

/** True when every request that meets all of `narrow` meets all of `wide`, as far as that can be told. */
export function coversPredicates(
  wide: readonly CompiledPredicate[],
  narrow: readonly CompiledPredicate[],
  work: RegexWork,
): boolean {
  return wide.every((one) => narrow.some((other) => implies(other, one, work)));
}

function implies(narrow: CompiledPredicate, wide: CompiledPredicate, work: RegexWork): boolean {
  if (narrow.on === 'media-version' || wide.on === 'media-version')
    return (
      narrow.on === wide.on &&
      'version' in narrow &&
      'version' in wide &&
      narrow.version === wide.version &&
      (wide.orAbsent || !narrow.orAbsent)
    );
  if (narrow.on !== wide.on || narrow.name !== wide.name) return false;
  if (narrow.test.kind === 'absent') return wide.test.kind === 'absent' || wide.orAbsent;
  if (narrow.orAbsent && !wide.orAbsent) return false;
  return covers(wide.test, narrow.test, work);
}

function covers(wide: ValueTest, narrow: ValueTest, work: RegexWork): boolean {
  if (wide.kind === 'present') return true;
  if (wide.kind === 'absent' || narrow.kind === 'present' || narrow.kind === 'absent') return false;
  if (wide.kind === 'regex' && narrow.kind === 'exact') return work.matches(wide.text, narrow.text);
  return wide.kind === narrow.kind && wide.text === narrow.text;
}
