// The draft as one state: its ETag is the hash of its document. A change that names another state is refused, and told how
// what was sent differs from what is there now: both versions, field by field.
import type { Document, FieldError, ObjectChange } from '@sluice/contracts';
import { namesState } from '../http/etag.js';
import { Refusal } from '../http/refusal.js';
import { documentHash } from '../publish/document-hash.js';
import { diffDocuments } from './diff-documents.js';
import { normalDocument } from './normal-document.js';

export function draftEtag(document: Document): string {
  return `"${documentHash(normalDocument(document))}"`;
}

/** @param etag of the draft, or of the part of it that is meant. */
export function expectDraft(
  ifMatch: string | undefined,
  draft: Document,
  wanted: Document,
  etag = draftEtag(draft),
): void {
  if (ifMatch === undefined || namesState(ifMatch, etag)) return;
  const errors = diffDocuments(draft, wanted).flatMap(bothVersions);
  throw new Refusal(
    'precondition_failed',
    'Somebody changed the draft after you read it. Each error shows the draft as it is now beside what you sent; read it again (its ETag came with this answer), and repeat your change on it.',
    errors.slice(0, 50),
    { etag },
  );
}

function bothVersions({ change, kind, name, pointer, fields }: ObjectChange): FieldError[] {
  const what = `the ${kind} "${name}"`;
  const fix = 'keep one of the two, or make one of both';
  if (change === 'added') return [{ pointer, message: `the draft has no ${kind} "${name}"; what you sent has`, fix }];
  if (change === 'removed') return [{ pointer, message: `the draft has ${what}; what you sent has not`, fix }];
  return fields.map(({ pointer: field, before, after }) => ({
    pointer: pointer + field,
    message: `${what} has ${shown(before)} here in the draft, and ${shown(after)} in what you sent`,
    fix,
  }));
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
