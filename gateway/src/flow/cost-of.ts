// What an upstream says a request did cost: whole units in a header of its answer.

/** @param raw names and values in turn. Undefined: it does not say, or not as a number. */
export function costOf(raw: readonly string[], header: string): number | undefined {
  for (let index = 0; index < raw.length; index += 2) {
    if (raw[index]?.toLowerCase() !== header) continue;
    const value = raw[index + 1]?.trim() ?? '';
    return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
  }
  return undefined;
}
