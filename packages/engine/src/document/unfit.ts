// What no document holds, whatever its schema: it could not be stored, would be stored in the place of a secret, or is nested
// without end.
import type { FieldError } from '@sluice/contracts';
import { isHiddenSecret } from './hidden-secrets.js';
import { pointerOf, type Step } from './pointers.js';
import { mostDepth } from './read-yaml.js';

/** The first such thing in plain data; undefined where there is none. */
export function findUnfit(value: unknown): FieldError | undefined {
  return unfitIn(value, []);
}

/** NUL and halves of surrogate pairs: no store gives them back as they went in. */
export function isUnstorable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}

// The path is one list for all, and becomes a pointer only where something is found: with one for each value, a text of deep
// lists would hold the process for minutes.
function unfitIn(value: unknown, path: Step[]): FieldError | undefined {
  if (isHiddenSecret(String(path.at(-1)), value)) {
    const pointer = pointerOf(path);
    return {
      pointer,
      message: `the secret ${pointer} was hidden when this was exported`,
      fix: 'write the secret, or export the document as somebody who may change it',
    };
  }
  if (typeof value === 'string' && isUnstorable(value)) return unstorable(pointerOf(path));
  if (typeof value !== 'object' || value === null) return undefined;
  if (path.length >= mostDepth)
    return {
      pointer: pointerOf(path),
      message: 'the text is nested too deep',
      fix: `nest at most ${mostDepth} levels`,
    };
  for (const [key, member] of Object.entries(value)) {
    path.push(key);
    if (key === '__proto__') return { pointer: pointerOf(path), message: '__proto__ is no name', fix: 'leave it out' };
    const found = isUnstorable(key) ? unstorable(pointerOf(path)) : unfitIn(member, path);
    if (found !== undefined) return found;
    path.pop();
  }
  return undefined;
}

function unstorable(pointer: string): FieldError {
  return { pointer, message: 'it holds NUL or half a surrogate pair', fix: 'leave it out' };
}
