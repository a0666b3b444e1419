// The same check as the control plane's, without it: documents are read by the same code, then compiled by the engine of the
// gateways. What only the control plane knows is left to it: whether the hosts that routes name are the environment's.
import type { Document, FieldError } from '@sluice/contracts';
import { validateDocument } from '@sluice/engine';
import { readDocument } from '@sluice/engine/document';
import type { Source } from './read-source.js';

/** What is wrong, in the order of the text; nothing: the document is valid. */
export async function checkSource({
  text,
  contentType,
}: Pick<Source, 'text' | 'contentType'>): Promise<readonly FieldError[]> {
  const { source, errors } = await readDocument({ text, format: contentType === 'application/json' ? 'json' : 'yaml' });
  const found =
    source === undefined
      ? errors
      : await source.located(validateDocument(source.document, namedHosts(source.document)));
  return found.toSorted(byPlace);
}

// As if all were the environment's own; one stands in where none is named.
function namedHosts({ apis }: Document): string[] {
  const named = Object.values(apis).flatMap(({ routes }) => routes.flatMap(({ match }) => match.hosts ?? []));
  return [...new Set([...named, 'sluice.invalid'])];
}

function byPlace(left: FieldError, right: FieldError): number {
  return (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0);
}
