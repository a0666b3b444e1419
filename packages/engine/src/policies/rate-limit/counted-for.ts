// What a request counts for: who calls, as far as it is known, or where the request comes from. Texts that a client chooses
// are hashed: a counter's key stays short, and names nobody.
import { hash } from 'node:crypto';
import { clientOf } from '../../address.js';
import { clientAddress } from '../../client-address.js';
import type { Progress } from '../../progress.js';
import type { Scope } from './schema.js';

export type CallerScope = Exclude<Scope, 'route' | 'api' | 'tenant'>;

/** `kind:value`, so that a subject never counts as an address. By address where there is nothing of the scope. */
export function countedFor(scope: CallerScope, progress: Progress): string {
  if (scope === 'ip') return byAddress(progress);
  if (scope.startsWith('header:')) return byHeader(scope.slice(7), progress) ?? byAddress(progress);
  return byIdentity(scope, progress) ?? bySubject(progress) ?? byAddress(progress);
}

function byIdentity(scope: CallerScope, { account }: Progress): string | undefined {
  const { subscriptionId, applicationId, credentialId } = account;
  const id = { subscription: subscriptionId, application: applicationId, credential: credentialId }[scope as string];
  return id === undefined || id === '' ? undefined : `${scope}:${id}`;
}

// All who are anonymous have one name.
function bySubject({ identity }: Progress): string | undefined {
  if (identity === undefined || identity.subject === '' || identity.by === 'anonymous') return undefined;
  return `subject:${short(JSON.stringify([identity.issuer, identity.subject]))}`;
}

function byHeader(name: string, { request }: Progress): string | undefined {
  const value = request.header(name);
  return value === undefined || value === '' ? undefined : `${name}:${short(value)}`;
}

/** Exported for limits that count by address alone. */
export function byAddress(progress: Progress): string {
  return `ip:${clientOf(clientAddress(progress))}`;
}

function short(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}
