// A policy's header edits, on heads as they came: names and values in turn.
import type { HeaderEdits } from '@sluice/engine';

type RawHeaders = readonly string[];

/**
 * What a header is called after renaming and removing; undefined: it is gone, or what is set stands in its place.
 *
 * @param name in lower case.
 * @param raw the head it stands in.
 */
export function nameAfter(name: string, { rename, remove, set }: HeaderEdits, raw: RawHeaders): string | undefined {
  const after = rename.length === 0 ? name : renamed(name, rename, raw);
  if (after === undefined || remove.includes(after)) return undefined;
  return set.some(([one]) => one === after) ? undefined : after;
}

function renamed(name: string, rename: HeaderEdits['rename'], raw: RawHeaders): string | undefined {
  const own = rename.find(([from]) => from === name);
  if (own !== undefined) return own[1];
  // What came under the new name gives way.
  return rename.some(([from, to]) => to === name && has(raw, from)) ? undefined : name;
}

function has(raw: RawHeaders, name: string): boolean {
  for (let index = 0; index < raw.length; index += 2) if (raw[index]?.toLowerCase() === name) return true;
  return false;
}
