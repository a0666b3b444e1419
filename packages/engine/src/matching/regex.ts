// Tenants' regular expressions: RE2 syntax, run by re2js in time linear to the text, and only ever on the whole text.
// Linear is not free: a hostile pattern on a hostile text costs up to 60 ns for each instruction of its program and each
// character (measured; with the 8 MB of automaton states that re2js would keep for each pattern, ten times that). So
// programs are small, states are few, and one decision may buy a bounded amount of matching (`RequestProbe`). Compiled routes hold a
// pattern as text, because they cross threads; each thread compiles it when it first meets it.
import { RE2JS, RE2JSException } from 're2js';

/** Instructions of one compiled pattern. Counted repetition multiplies: `[0-9]{40}` is 40 of them. */
const mostInstructions = 200;
const stateBytes = 65_536;
const mostKept = 1024;
const kept = new Map<string, RE2JS>();

export interface RegexFault {
  readonly detail: string;
  readonly fix: string;
}

// Compiling a pattern to measure it may take 40 ms.
const mostChecked = 512;
const mostFaults = 8;

/** Whether the patterns of one document can be used. */
export class RegexChecks {
  readonly #known = new Map<string, RegexFault | undefined>();
  #faults = 0;

  /** Undefined: it can. */
  faultOf(pattern: string): RegexFault | undefined {
    if (this.#known.has(pattern)) return this.#known.get(pattern);
    if (this.#known.size >= mostChecked)
      return {
        detail: `the document has more than ${mostChecked} different regular expressions`,
        fix: 'write templates, prefixes or exact values in their place',
      };
    if (this.#faults >= mostFaults)
      return {
        detail: `the regular expression ${shown(pattern)} was not looked at, because so many others cannot be used`,
        fix: 'put the others right first',
      };
    const fault = regexFault(pattern);
    this.#known.set(pattern, fault);
    if (fault !== undefined) this.#faults += 1;
    return fault;
  }
}

function regexFault(pattern: string): RegexFault | undefined {
  let size: number;
  try {
    // Not kept: whoever checks a draft is not who serves it.
    size = RE2JS.compile(pattern).programSize();
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return {
      detail: `the regular expression ${shown(pattern)} cannot be read: ${error.message.replace('error parsing regexp: ', '')}`,
      fix: 'write RE2 syntax: no look-around, no back-references, and no repetition above 1000',
    };
  }
  if (size <= mostInstructions) return undefined;
  return {
    detail: `the regular expression ${shown(pattern)} is too costly: it compiles to ${size} instructions, and ${mostInstructions} may be used`,
    fix: 'shorten it: counted repetitions such as {100} are written out, and multiply when they are nested',
  };
}

/** Matching that may cost so much and no more, in instructions times characters: 60 ns each at the very worst. */
export class RegexWork {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  /** Something was not matched because it would have cost too much: whatever was decided without it must not count. */
  get isExhausted(): boolean {
    return this.#left < 0;
  }

  /** On the whole text. */
  matches(pattern: string, text: string): boolean {
    // Beside its instructions, each step has a cost of its own.
    this.#left -= (regexOf(pattern).programSize() + 25) * (text.length + 1);
    return !this.isExhausted && regexMatches(pattern, text);
  }
}

/** On the whole text. */
export function regexMatches(pattern: string, text: string): boolean {
  return regexOf(pattern).testExact(text);
}

/** What the named groups took of a text that matches. */
export function namedGroups(pattern: string, text: string): Record<string, string> {
  const regex = regexOf(pattern);
  const names = Object.keys(regex.namedGroups());
  if (names.length === 0) return {};
  const matcher = regex.matcher(text);
  if (!matcher.matches()) return {};
  return Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? '']));
}

export function groupNames(pattern: string): readonly string[] {
  return Object.keys(RE2JS.compile(pattern).namedGroups());
}

/**
 * The text that everything a pattern matches begins with, as far as it can be told without reading the pattern: so that
 * most patterns of a host cost a comparison.
 */
export function literalBeginning(pattern: string): string {
  if (pattern.includes('|')) return '';
  const literal = /^\^?([A-Za-z0-9/_~!@,;:=&%-]*)/.exec(pattern)?.[1] ?? '';
  const next = pattern[pattern.startsWith('^') ? literal.length + 1 : literal.length] ?? '';
  // A quantifier speaks of the character before it.
  return '?*{'.includes(next) && next !== '' ? literal.slice(0, -1) : literal;
}

function regexOf(pattern: string): RE2JS {
  const known = kept.get(pattern);
  if (known !== undefined) return known;
  const regex = RE2JS.compile(pattern);
  const automaton = regex.re2().dfa;
  automaton.stateBudget = stateBytes;
  automaton.memBudget = stateBytes;
  const [oldest] = kept.keys();
  if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
  kept.set(pattern, regex);
  return regex;
}

function shown(pattern: string): string {
  return pattern.length > 60 ? `${pattern.slice(0, 60)}...` : pattern;
}
