// Whether a credential that is known is good no more: revoked, or past its expiry by the clock of the request. Expiry is judged
// where the request is, so that it holds in a gateway that hears of nothing.
import type { CredentialFact } from './decision.js';
import type { Progress } from './progress.js';

/** Undefined: it is good. Otherwise the record keeps whose it was. */
export function endOf(
  { id, subscriptionId, isRevoked, expiresAt }: CredentialFact,
  { account, reasons, now }: Progress,
): 'credential_revoked' | 'credential_expired' | undefined {
  if (!isRevoked && (expiresAt === undefined || now < expiresAt)) return undefined;
  account.credentialId = id;
  account.subscriptionId = subscriptionId;
  if (isRevoked || expiresAt === undefined) {
    reasons.push({ code: 'key_revoked', credential: id });
    return 'credential_revoked';
  }
  reasons.push({ code: 'key_expired', credential: id, expiresAt });
  return 'credential_expired';
}
