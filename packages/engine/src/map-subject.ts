// From a proven subject to the subscription that it stands for: found among the credentials, like an API key.
import type { Unproven } from './policy.js';
import type { Progress } from './progress.js';
import { subjectKey } from './subject-key.js';

export type SubjectRule = 'none' | 'optional' | 'required';

export interface Mapped {
  readonly kind: 'mapped';
  readonly credentialId: string;
  readonly subscriptionId: string;
}

/** `issuer` and `subject` as for `subjectKey`. */
export function mapSubject(
  rule: SubjectRule,
  issuer: string,
  subject: string,
  { facts, reasons, account }: Progress,
): Mapped | Unproven {
  if (rule === 'none') return unmapped;
  const credential = subject === '' ? undefined : facts.credential(subjectKey(issuer, subject));
  if (credential === undefined) {
    reasons.push({ code: 'subject_unmapped' });
    if (rule === 'optional') return unmapped;
    return refused('subject_unknown', 'No subscription belongs to this subject. Have it attached to an application.');
  }
  const { id, subscriptionId, isRevoked } = credential;
  if (isRevoked) {
    account.credentialId = id;
    account.subscriptionId = subscriptionId;
    reasons.push({ code: 'key_revoked', credential: id });
    return refused('credential_revoked', 'The access of this subject was revoked.');
  }
  reasons.push({ code: 'subject_mapped', credential: id });
  return { kind: 'mapped', credentialId: id, subscriptionId };
}

const unmapped: Mapped = { kind: 'mapped', credentialId: '', subscriptionId: '' };

function refused(code: Unproven['code'], detail: string): Unproven {
  return { kind: 'refused', code, detail, challenges: [] };
}
