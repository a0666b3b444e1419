// Which header values are secrets: those that a request takes to the upstream under a name that speaks of one, unless they are
// made of the request alone. What an answer carries, every client sees.
import type { SecretPlace } from '../../secrets/place.js';

export const headerSecrets: readonly SecretPlace[] = [
  { at: ['request', 'set', '*'], isSecret, written },
  { at: ['request', 'add', '*'], isSecret, written },
  { at: ['response', 'set', '*'], written },
  { at: ['response', 'add', '*'], written },
];

/** Names of headers that prove something to whoever reads them. */
export const proves = /auth|cookie|credential|key|passw|secret|session|signature|token/i;

/** `{claims.tenant}`, `Bearer {claims.token}` and `true` prove nothing by themselves. */
function isSecret(text: string, name: string): boolean {
  if (!proves.test(name) || /^(?:true|false|yes|no|\d{1,3})$/i.test(text)) return false;
  const own = text.replaceAll(/\{[^{}]*\}/g, '').trim();
  return own !== '' && (own === text.trim() || !/^[A-Za-z]{1,20}$/.test(own));
}

/** A brace of the value stands for itself. */
function written(value: string): string {
  return value.replaceAll(/[{}]/g, '$&$&');
}
