// Names a source of keys by all that it says, so that two sources share what was found out only if they are the same,
// whatever they are called.
import { hash } from 'node:crypto';
import type { KeySource } from '@sluice/engine';

// A compiled policy holds its source once, and every question brings that very object.
const known = new WeakMap<KeySource, string>();

/** Ends with a space, and has none elsewhere: what follows in a key never makes two sources alike. */
export function sourceKeyOf(source: KeySource): string {
  let key = known.get(source);
  if (key === undefined) {
    key = `${hash('sha256', JSON.stringify(source), 'base64url')} `;
    known.set(source, key);
  }
  return key;
}
