// The same check as the control plane's, without it: the schema of contracts, then the engine that gateways compile with.
// What only the control plane knows is left to it: whether the hosts that routes name are the environment's.
import type { ProblemError } from '@sluice/api-client';
import { documentSourceSchema, fieldErrors, type Document } from '@sluice/contracts';
import { validateDocument } from '@sluice/engine';
import type { Source } from './read-source.js';
import { pointerOf, readText } from './read-text.js';

/** What is wrong, in the order of the text; nothing: the document is valid. */
export function checkSource(source: Pick<Source, 'text' | 'contentType'>): ProblemError[] {
  const { value, errors, positionOf } = readText(source);
  if (errors.length > 0) return [...errors];
  const unfit = unfitIn(value, []);
  if (unfit !== undefined) return [Object.assign(unfit, positionOf(unfit.pointer))];
  return faultsOf(value)
    .map(({ error: { pointer, message, fix }, place }) => Object.assign({ pointer, message, fix }, positionOf(place)))
    .toSorted((left, right) => left.line - right.line || left.column - right.column);
}

interface Fault {
  readonly error: ProblemError;
  /** Where it is shown: of a field that should not be there its own place, though its error names what it is in. */
  readonly place: string;
}

function faultsOf(value: unknown): Fault[] {
  const read = documentSourceSchema.safeParse(value);
  if (!read.success) {
    const errors = fieldErrors(read.error) as ProblemError[];
    return read.error.issues.flatMap((issue, index) => {
      const error = errors[index];
      const own = issue.code === 'unrecognized_keys' ? [issue.keys[0] ?? ''] : [];
      return error === undefined ? [] : [{ error, place: pointerOf([...issue.path, ...own]) }];
    });
  }
  const { $schema: _editors, ...document } = read.data;
  const errors = validateDocument(document, namedHosts(document)) as ProblemError[];
  return errors.map((error) => ({ error, place: error.pointer }));
}

// As if all were the environment's own; one stands in where none is named.
function namedHosts({ apis }: Document): string[] {
  const named = Object.values(apis).flatMap(({ routes }) => routes.flatMap(({ match }) => match.hosts ?? []));
  return [...new Set([...named, 'sluice.invalid'])];
}

// What a token is shown that may not change the configuration: it would be stored in the secret's place.
const hidden = '(hidden)';
const secretNames = /^(?:k|password|secret)$|auth|cookie|credential|key|passw|secret|session|signature|token/i;

/** What no store takes back out as it went in, and what is no secret any more. */
function unfitIn(value: unknown, path: readonly (string | number)[]): ProblemError | undefined {
  const pointer = pointerOf(path);
  if (value === hidden && secretNames.test(String(path.at(-1))))
    return { pointer, message: `the secret ${pointer} was hidden when this was dumped`, fix: 'write the secret' };
  if (typeof value === 'string' && isUnstorable(value)) return unstorable(pointer);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const own = [...path, key];
    const found = isUnstorable(key) || key === '__proto__' ? unstorable(pointerOf(own)) : unfitIn(member, own);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isUnstorable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}

function unstorable(pointer: string): ProblemError {
  return { pointer, message: 'it holds NUL, half a surrogate pair, or __proto__ as a name', fix: 'leave it out' };
}
