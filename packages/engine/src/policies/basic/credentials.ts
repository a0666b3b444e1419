// A user name and a password out of an Authorization header (RFC 7617).
import { readAuthorization } from '../../authorization.js';

export interface UserAndPassword {
  readonly user: string;
  readonly password: string;
}

// Longer than any password that is worth a hash.
const longestHeader = 2048;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether the header is of the Basic scheme. */
export function isBasic(header: string | undefined): header is string {
  return readAuthorization(header)?.scheme === 'basic';
}

/** Undefined: it holds no user name and password. */
export function readBasic(header: string): UserAndPassword | undefined {
  const encoded = readAuthorization(header)?.credential ?? '';
  if (header.length > longestHeader || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  const text = textOf(Buffer.from(encoded, 'base64'));
  const colon = text?.indexOf(':') ?? -1;
  // Control characters are in neither (RFC 7617, section 2).
  if (text === undefined || colon < 0 || /\p{Cc}/u.test(text)) return undefined;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
