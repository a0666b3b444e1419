// What stands in a document in the place of a secret for those who may read it and not change it. With a shared secret a viewer
// could sign tokens, and at hashes of passwords one can guess. Who shows documents hides with it, who reads them refuses by it.
import { secretNameOf } from '@sluice/contracts';
import { proves } from '../policies/headers/secrets.js';

const hidden = '(hidden)';

// Settings of policies: `secret` and `jwk.k` of jwt, `password` of basic.
const secrets = new Set(['secret', 'password', 'k']);

/** Plain data, with each text by one of these names replaced, wherever it stands. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, own]: [string, unknown]) => [name, withoutSecrets(hideSecret(name, own))]),
  );
}

/** The value of one member, by its name. Of headers that a policy sets or adds, those that prove something to the upstream. */
export function hideSecret(name: string, value: unknown): unknown {
  // Where a reference is, there is no secret.
  if (secretNameOf(value) !== undefined) return value;
  if (typeof value === 'string') return secrets.has(name) ? hidden : value;
  if ((name !== 'set' && name !== 'add') || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([header, own]: [string, unknown]) => [
      header,
      proves.test(header) && secretNameOf(own) === undefined ? hidden : own,
    ]),
  );
}

/** Whether it is what was shown instead of a secret. */
export function isHiddenSecret(name: string, value: unknown): boolean {
  return value === hidden && (secrets.has(name) || proves.test(name));
}
