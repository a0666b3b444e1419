// Where the settings of a policy hold secrets: each policy says it beside its schema, and whoever looks for secrets (to refuse
// one that is written out, to put in the value of a reference, to tell who uses one) goes by that.

export interface SecretPlace {
  /** Names of members, from the settings on; `*` stands for each entry of a list or a map. */
  readonly at: readonly string[];
  /** Whether a text that stands there is itself what nobody may see. Left out: none is, though it may be referred to. */
  readonly isSecret?: (text: string, name: string) => boolean;
  /** A text that works there, for a document that is compiled without values. Left out: the reference as it is. */
  readonly standIn?: string;
  /** How a value is written there, where not as it is. */
  readonly written?: (value: string) => string;
}

export interface SecretText {
  readonly place: SecretPlace;
  readonly text: string;
  /** Below the settings. */
  readonly at: readonly (string | number)[];
}

/** Every text that stands where a secret may. */
export function secretTexts(places: readonly SecretPlace[] | undefined, settings: unknown): SecretText[] {
  if (places === undefined) return [];
  const found: SecretText[] = [];
  for (const place of places) collect(settings, place, 0, [], found);
  return found;
}

/** The settings with other texts in some places; the given ones are left as they are. */
export function withTexts(
  settings: unknown,
  texts: readonly { readonly at: readonly (string | number)[]; readonly text: string }[],
): unknown {
  if (texts.length === 0) return settings;
  const copy = structuredClone(settings);
  for (const { at, text } of texts) {
    let holder: unknown = copy;
    for (const step of at.slice(0, -1)) holder = memberOf(holder, step);
    const last = at.at(-1);
    if (last !== undefined && typeof holder === 'object' && holder !== null)
      Object.defineProperty(holder, last, { value: text, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

function collect(
  value: unknown,
  place: SecretPlace,
  depth: number,
  at: readonly (string | number)[],
  found: SecretText[],
): void {
  const step = place.at[depth];
  if (step === undefined) {
    if (typeof value === 'string') found.push({ place, text: value, at });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (step !== '*') {
    collect(memberOf(value, step), place, depth + 1, [...at, step], found);
    return;
  }
  if (Array.isArray(value)) value.forEach((entry, index) => collect(entry, place, depth + 1, [...at, index], found));
  else for (const name of Object.keys(value)) collect(memberOf(value, name), place, depth + 1, [...at, name], found);
}

function memberOf(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[step];
}
