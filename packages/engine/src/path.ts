// One canonical form of a path, decided on and forwarded in the same bytes, so that no upstream can read another
// resource out of it than the one that was matched. RFC 3986, sections 6.2.2 and 5.2.4; what two parsers are known to
// read differently is refused.

export type PathFault =
  | 'no_leading_slash'
  | 'forbidden_character'
  | 'broken_escape'
  | 'encoded_slash'
  | 'encoded_dot'
  | 'dot_parameter'
  | 'encoded_nul';
export type PathResult =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly fault: PathFault };

/** What is wrong with a path, in words for the person who wrote it. */
export const pathFaults = {
  no_leading_slash: 'the path must begin with /',
  forbidden_character: 'the path holds a character that must be percent-encoded, or a backslash',
  broken_escape: 'a % in the path is not followed by two hexadecimal digits',
  encoded_slash: 'the path holds an encoded slash or backslash (%2F, %5C)',
  encoded_dot: 'the path holds an encoded dot (%2E)',
  dot_parameter: 'the path holds a dot segment with a parameter (/..;)',
  encoded_nul: 'the path holds an encoded NUL (%00)',
} as const satisfies Record<PathFault, string>;

// Nothing to decode and no dot: already canonical. Most requests end here.
const plain = /^\/[A-Za-z0-9\-_~!$&'()*+,;=:@/]*$/;
const allowed = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/%"<>[\]^`{|}]*$/;
const unreserved = /[A-Za-z0-9\-_~]/;

/** The canonical form of a request's path (no query): dot segments resolved, unreserved escapes decoded, `//` kept. */
export function canonicalPath(raw: string): PathResult {
  if (plain.test(raw)) return { ok: true, path: raw };
  if (!raw.startsWith('/')) return { ok: false, fault: 'no_leading_slash' };
  if (!allowed.test(raw)) return { ok: false, fault: 'forbidden_character' };
  const decoded = decodeUnreserved(raw);
  if (!decoded.ok) return decoded;
  if (!decoded.path.includes('/.')) return decoded;
  // Servers of Java take parameters off before they resolve: /open/..;/admin is /admin to them.
  if (/\/\.{1,2};/.test(decoded.path)) return { ok: false, fault: 'dot_parameter' };
  return { ok: true, path: resolveDotSegments(decoded.path) };
}

/** True when `path` is `prefix` or lies below it, by whole segments. `prefix` has no slash at its end. */
export function isBelow(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || path.charCodeAt(prefix.length) === 0x2f);
}

/** `/users/` as `/users`, and `/` as the empty prefix of everything. */
export function withoutTrailingSlash(prefix: string): string {
  let end = prefix.length;
  while (end > 0 && prefix.charCodeAt(end - 1) === 0x2f) end -= 1;
  return prefix.slice(0, end);
}

function decodeUnreserved(raw: string): PathResult {
  let path = '';
  let from = 0;
  for (let at = raw.indexOf('%'); at !== -1; at = raw.indexOf('%', from)) {
    const digits = raw.slice(at + 1, at + 3).toUpperCase();
    if (!/^[0-9A-F]{2}$/.test(digits)) return { ok: false, fault: 'broken_escape' };
    if (digits === '2F' || digits === '5C') return { ok: false, fault: 'encoded_slash' };
    if (digits === '2E') return { ok: false, fault: 'encoded_dot' };
    if (digits === '00') return { ok: false, fault: 'encoded_nul' };
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    path += raw.slice(from, at) + (unreserved.test(character) ? character : `%${digits}`);
    from = at + 3;
  }
  return { ok: true, path: path + raw.slice(from) };
}

function resolveDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.slice(1).split('/');
  segments.forEach((segment, index) => {
    const isLast = index === segments.length - 1;
    if (segment === '..') kept.pop();
    if (segment !== '.' && segment !== '..') kept.push(segment);
    else if (isLast) kept.push('');
  });
  return `/${kept.join('/')}`;
}
