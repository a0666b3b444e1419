// Claims by their names.

export type Claims = Readonly<Record<string, unknown>>;

/**
 * The claim of this name (`https://acme.test/roles` holds dots of its own); where there is none, `a.b` is b inside of a.
 * Undefined: neither.
 */
export function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const step of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Claims)[step];
  }
  return value;
}

/** Scopes: a text of words apart by spaces (RFC 6749, section 3.3), or a list of texts. Anything else lists nothing. */
export function wordsAt(claims: Claims, name: string): readonly string[] {
  const value = claimAt(claims, name);
  return typeof value === 'string' ? value.split(' ').filter((word) => word !== '') : textsOf(value);
}

/** Groups: a list of texts, or one text. Anything else lists nothing. */
export function textsAt(claims: Claims, name: string): readonly string[] {
  const value = claimAt(claims, name);
  return typeof value === 'string' && value !== '' ? [value] : textsOf(value);
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
