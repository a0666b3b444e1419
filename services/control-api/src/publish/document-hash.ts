// What names a revision's content.
import { createHash } from 'node:crypto';
import { canonicalJson, type Document } from '@sluice/contracts';

/** SHA-256 in hex of the document's canonical JSON. */
export function documentHash(document: Document): string {
  return createHash('sha256').update(canonicalJson(document)).digest('hex');
}
