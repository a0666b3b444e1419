// A key as the API shows it: nothing of the key itself but its hint. That it has expired is told by the clock, as gateways tell it.
import type { Credential } from '@sluice/contracts';
import type { Credential as CredentialRow } from '@sluice/prisma';

export function credentialAnswer(row: CredentialRow, now = new Date()): Credential {
  const { id, name, hint, scopes, expiresAt, createdAt, revokedAt } = row;
  return {
    id,
    name,
    hint,
    state: stateOf(row, now),
    scopes,
    expiresAt: expiresAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

export function stateOf(
  { state, expiresAt }: Pick<CredentialRow, 'state' | 'expiresAt'>,
  now = new Date(),
): Credential['state'] {
  return state === 'active' && expiresAt !== null && expiresAt <= now ? 'expired' : state;
}
