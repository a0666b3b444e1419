// A token's parts out of its compact form (RFC 7515, section 3.1), read strictly: what two readers could read in two ways
// is no token. Nothing here is believed yet.
import { parseJsonObject } from '../../parse-json-object.js';

export interface TokenParts {
  readonly header: Readonly<Record<string, unknown>>;
  /** Undecoded: the header may already refuse it. */
  readonly payload: string;
  /** Empty in a token of the algorithm `none`. */
  readonly signature: string;
}

/** Undefined: it is no signed JWT. */
export function splitToken(token: string): TokenParts | undefined {
  const [head = '', payload = '', signature, ...more] = token.split('.', 5);
  if (signature === undefined || more.length > 0 || head === '' || payload === '') return undefined;
  const header = decodeObject(head);
  return header === undefined ? undefined : { header, payload, signature };
}

/** The JSON object in a part. Undefined: there is none, or it can be read in two ways. */
export function decodeObject(part: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = decodePart(part);
  if (bytes === undefined) return undefined;
  try {
    return parseJsonObject(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

/** Whether it is base64url without padding, and the only text that stands for its bytes. */
export function isBase64Url(part: string): boolean {
  return decodePart(part) !== undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// Buffer skips what is not of the alphabet and drops loose bits at the end: encoding again shows both.
function decodePart(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return part !== '' && bytes.toString('base64url') === part ? bytes : undefined;
}
