// The identity room as one of the gateway's threads has it.
import type { MessagePort } from 'node:worker_threads';
import type { IsAllowed, Resolve } from '../upstream/allowed-address.js';
import { createArmTokens } from './arm-tokens.js';
import { createForwardAuth } from './forward-auth.js';
import type { IdentityShared } from './identity.js';
import type { IdentityChecks } from './identity-checks.js';
import { IdentityCounters } from './identity-counters.js';
import { createIdentityTokens } from './identity-token.js';
import { createRemoteChecks } from './remote-checks.js';

export function createIdentityChecks(
  thread: number,
  { counters: shared, signingKey, armSecret, passwordSecret }: IdentityShared,
  port: MessagePort,
  isAllowed: IsAllowed,
  resolve: Resolve,
): IdentityChecks & { close(): Promise<void> } {
  const counters = new IdentityCounters(shared, thread);
  return {
    ...createRemoteChecks({ port, counters, passwordSecret }),
    ...createForwardAuth(isAllowed, counters, { resolve }),
    identityToken: createIdentityTokens(signingKey, counters),
    signedArm: createArmTokens(armSecret),
  };
}
