// The difference between two documents, as it is answered.
import type { Document, DocumentDiff } from '@sluice/contracts';
import { documentHash } from '../publish/document-hash.js';
import { diffDocuments } from './diff-documents.js';
import { normalDocument } from './normal-document.js';

export function diffOf(before: Document, after: Document): DocumentDiff {
  return {
    before: documentHash(normalDocument(before)),
    after: documentHash(normalDocument(after)),
    changes: diffDocuments(before, after),
  };
}
