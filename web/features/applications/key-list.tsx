'use client';

import type { Credential } from '@sluice/contracts';
import { createCredential, revokeCredential, rotateCredential } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { Keys } from './keys';

/** The keys of a subscription, on the provider's side. */
export function KeyList(props: { at: At; subscription: string; keys: readonly Credential[]; canEdit: boolean }) {
  const { at, subscription, keys, canEdit } = props;
  return (
    <Keys
      keys={keys}
      canEdit={canEdit}
      create={(name, idempotencyKey) => createCredential(at, subscription, { name }, idempotencyKey)}
      rotate={(id, idempotencyKey) => rotateCredential(at, id, idempotencyKey)}
      revoke={(id) => revokeCredential(at, id)}
    />
  );
}
