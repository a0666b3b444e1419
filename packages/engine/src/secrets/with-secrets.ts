// The settings of a policy with the values of the secrets that they refer to. Who compiles without values (to check a document
// by itself, or to explain) gets texts that work in their place, so that no value can come to light there.
import { secretNameOf } from '@sluice/contracts';
import type { Policy } from '../policy.js';
import { secretTexts, withTexts } from './place.js';

/** What an environment's secrets stand for, by name. */
export type Secrets = ReadonlyMap<string, string>;

export interface Opened {
  readonly settings: unknown;
  readonly missing: readonly { readonly at: readonly (string | number)[]; readonly name: string }[];
}

/** @param secrets undefined: none is known, and none is missing. */
export function withSecrets(
  { secrets: places }: Pick<Policy, 'secrets'>,
  settings: unknown,
  secrets: Secrets | undefined,
): Opened {
  const missing: { at: readonly (string | number)[]; name: string }[] = [];
  const texts = secretTexts(places, settings).flatMap(({ place, text, at }) => {
    const name = secretNameOf(text);
    if (name === undefined) return [];
    if (secrets === undefined) return place.standIn === undefined ? [] : [{ at, text: place.standIn }];
    const value = secrets.get(name);
    if (value === undefined) {
      missing.push({ at, name });
      return [];
    }
    return [{ at, text: place.written?.(value) ?? value }];
  });
  return { settings: withTexts(settings, texts), missing };
}
