// The difference between two documents, as it is answered.
import type { Document, DocumentDiff } from '@sluice/contracts';
import { documentHash } from '../publish/document-hash.js';
import { diffDocuments } from './diff-documents.js';
import { normalDocument } from './normal-document.js';

/** @param part of each that is meant: the hashes are of it. */
export function diffOf(
  before: Document,
  after: Document,
  part: (document: Document) => Document = (whole) => whole,
): Omit<DocumentDiff, 'missingSecrets'> {
  return {
    before: documentHash(normalDocument(part(before))),
    after: documentHash(normalDocument(part(after))),
    changes: diffDocuments(before, after),
  };
}
