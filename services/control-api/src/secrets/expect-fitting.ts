// A value that a live object could not work with is refused when it is set: on the gateways that object would be refused, in
// the midst of traffic.
import type { Document, FieldError, SecretUser } from '@sluice/contracts';
import { assumedHosts, validateDocument, type Secrets } from '@sluice/engine';
import { Refusal } from '../http/refusal.js';

/** @param secrets all that the document refers to, as they are now; what is wrong already is no fault of the new value. */
export function expectFitting(
  live: Document,
  users: readonly SecretUser[],
  secrets: Secrets,
  { name, value }: { readonly name: string; readonly value: string },
): void {
  const affected = onlyUsers(live, users);
  // Whose the hosts are says nothing of a secret.
  const hosts = assumedHosts(affected);
  const faultsWith = (known: Secrets): FieldError[] => validateDocument(affected, hosts, known);
  const before = new Set(faultsWith(secrets).map(({ message }) => message));
  const fault = faultsWith(new Map([...secrets, [name, value]])).find(({ message }) => !before.has(message));
  if (fault === undefined) return;
  const { object = '' } = users.find(({ isLive }) => isLive) ?? {};
  throw new Refusal(
    'invalid_body',
    `The value does not fit what uses it (${object}): ${fault.message}. The one before stays in force.`,
    [{ pointer: '/value', message: fault.message, fix: fault.fix }],
  );
}

/** The document with those routes alone that have the secret, themselves or from their API: others say nothing of it. */
function onlyUsers(live: Document, users: readonly SecretUser[]): Document {
  const objects = new Set(users.map(({ object }) => object));
  const apis = Object.entries(live.apis).flatMap(([name, api]): [string, Document['apis'][string]][] => {
    const routes = objects.has(`apis/${name}`)
      ? api.routes
      : api.routes.filter((route) => objects.has(`apis/${name}/routes/${route.name}`));
    return routes.length === 0 ? [] : [[name, { ...api, routes }]];
  });
  return { ...live, apis: Object.fromEntries(apis), plans: {} };
}
