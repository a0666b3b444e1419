// Tokens for tests of decisions. Nobody signs them: the facts of a test say what came of the signature.

export const tokenHeader = { alg: 'RS256', typ: 'JWT', kid: 'key-1' };

/** A header given as text is encoded as it is: for JSON that no writer makes. */
export function tokenOf(claims: object | string, header: object | string = tokenHeader): string {
  return `${part(header)}.${part(claims)}.c2lnbmF0dXJl`;
}

function part(value: object | string): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}
