// Lists as a form holds them: entries with an id of their own, so that none loses its place or its focus when another goes,
// and short lists typed as one text.

export function nextId(entries: readonly { readonly id: number }[]): number {
  return Math.max(-1, ...entries.map(({ id }) => id)) + 1;
}

/** The words of a text, with commas or spaces between. */
export function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** The words of a text as a field that is left out when there are none. */
export function listed<Name extends string>(name: Name, text: string): { [Field in Name]?: string[] } {
  const words = wordsOf(text);
  return (words.length === 0 ? {} : { [name]: words }) as { [Field in Name]?: string[] };
}

/** Digits as their number; any other word as it was typed, for the schema to refuse at its own pointer. */
export function numberOrWord(word: string): number | string {
  return /^\d+$/.test(word) ? Number(word) : word;
}
