// A request to be explained, as the form holds it. What stands in the address (method, URL, on what, which credential) is
// what a copied link shows; headers and claims may hold secrets and never go there.
import type { FieldError, explainBodySchema } from '@sluice/contracts';
import type { z } from 'zod';

export interface ExplainDraft {
  readonly on: 'live' | 'draft';
  readonly method: string;
  readonly url: string;
  /** One a line: `name: value`. */
  readonly headers: string;
  /** The id of a key that stands in its place; empty: none. */
  readonly credential: string;
  /** Of a token, JSON; empty: none. */
  readonly claims: string;
  readonly clientAddress: string;
}

export type ExplainInput = z.input<typeof explainBodySchema>;

export function emptyExplain(url: string): ExplainDraft {
  return { on: 'live', method: 'GET', url, headers: '', credential: '', claims: '', clientAddress: '' };
}

export function inputOf(draft: ExplainDraft): ExplainInput {
  const headers = headersOf(draft.headers).headers;
  const claims = claimsOf(draft.claims);
  return {
    on: draft.on,
    method: draft.method.trim().toUpperCase(),
    url: draft.url.trim(),
    headers,
    ...(draft.credential.trim() === '' ? {} : { credential: draft.credential.trim() }),
    ...(claims.value === undefined ? {} : { claims: claims.value }),
    ...(draft.clientAddress.trim() === '' ? {} : { clientAddress: draft.clientAddress.trim() }),
  };
}

/** Text that stands for nothing that could be sent, by the pointer of its field. */
export function unreadableParts(draft: ExplainDraft): FieldError[] {
  const { wrongLine } = headersOf(draft.headers);
  const { error } = claimsOf(draft.claims);
  return [
    ...(wrongLine === undefined
      ? []
      : [{ pointer: '/headers', message: `line ${wrongLine} is no header: write name: value`, fix: '' }]),
    ...(error === undefined ? [] : [{ pointer: '/claims', message: error, fix: '' }]),
  ];
}

/** Lines as headers. Lines of one name are one header with commas, as HTTP joins them (RFC 9110, section 5.3). */
function headersOf(text: string): { headers: Record<string, string>; wrongLine?: number } {
  const headers: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [, name, value] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return { headers, wrongLine: index + 1 };
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  return { headers };
}

function claimsOf(text: string): { value?: Record<string, unknown>; error?: string } {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value: { ...value } };
    return { error: 'write a JSON object, such as {"sub": "user-1"}' };
  } catch (error) {
    return { error: `this is no JSON: ${error instanceof Error ? error.message : 'it cannot be read'}` };
  }
}
