// An Authorization header, parted into its scheme and what follows (RFC 9110, section 11.6.2). The scheme ends where a token
// ends, not at the first space: a tab, or a space beyond ASCII, parts the two for many a reader, and what such a reader would
// take for a credential must not pass here for something else.

export interface Authorization {
  /** In lower case. */
  readonly scheme: string;
  /** Empty: nothing follows. */
  readonly credential: string;
}

/** Undefined: there is no header, or it names no scheme. */
export function readAuthorization(header: string | undefined): Authorization | undefined {
  const scheme = header === undefined ? undefined : token.exec(header)?.[0];
  if (header === undefined || scheme === undefined) return undefined;
  return { scheme: scheme.toLowerCase(), credential: header.slice(scheme.length).trim() };
}

const token = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+/;
