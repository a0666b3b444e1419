// Which of many texts a path begins with, byte by byte. In sorted order, the longest of them is the path's predecessor
// or what that one begins with in turn; so each text names the longest other one that it begins with, and a look is one
// bisection and a walk along these.

export interface RawPrefixes<Item> {
  readonly texts: readonly string[];
  /** The place of the longest other text that this one begins with; -1: none. */
  readonly within: readonly number[];
  readonly items: readonly (readonly Item[])[];
}

export function rawPrefixesOf<Item>(byText: ReadonlyMap<string, readonly Item[]>): RawPrefixes<Item> {
  const texts = [...byText.keys()].toSorted();
  const within: number[] = [];
  texts.forEach((text, index) => {
    let place = index - 1;
    while (place >= 0 && !text.startsWith(texts[place] ?? '')) place = within[place] ?? -1;
    within.push(place);
  });
  return { texts, within, items: texts.map((text) => byText.get(text) ?? []) };
}

export function findRawPrefixes<Item>({ texts, within, items }: RawPrefixes<Item>, path: string): readonly Item[] {
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((texts[middle] ?? '') <= path) low = middle + 1;
    else high = middle;
  }
  const found: Item[] = [];
  for (let place = low - 1; place >= 0; place = within[place] ?? -1) {
    if (path.startsWith(texts[place] ?? '')) found.push(...(items[place] ?? []));
  }
  return found;
}
