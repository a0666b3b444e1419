// From a proven subject to the subscription that it stands for: found among the credentials, like an API key.
import { endOf } from './credential-end.js';
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
export function mapSubject(rule: SubjectRule, issuer: string, subject: string, progress: Progress): Mapped | Unproven {
  const { facts, reasons } = progress;
  if (rule === 'none') return unmapped;
  const credential = subject === '' ? undefined : facts.credential(subjectKey(issuer, subject));
  if (credential === undefined) {
    reasons.push({ code: 'subject_unmapped' });
    if (rule === 'optional') return unmapped;
    return refused('subject_unknown', 'No subscription belongs to this subject. Have it attached to an application.');
  }
  const ended = endOf(credential, progress);
  if (ended !== undefined)
    return refused(
      ended,
      `The access of this subject ${ended === 'credential_revoked' ? 'was revoked' : 'has expired'}.`,
    );
  const { id, subscriptionId } = credential;
  reasons.push({ code: 'subject_mapped', credential: id });
  return { kind: 'mapped', credentialId: id, subscriptionId };
}

const unmapped: Mapped = { kind: 'mapped', credentialId: '', subscriptionId: '' };

function refused(code: Unproven['code'], detail: string): Unproven {
  return { kind: 'refused', code, detail, challenges: [] };
}
