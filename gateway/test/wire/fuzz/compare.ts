// Two readings of the same bytes. Whatever we take, the other one must have taken alike; what we refuse has a class with
// the clause that lets us.
import type { Message, Reading } from './reading.js';

/** Why a message that llhttp takes may be refused, or read no further. By how our fault begins. */
const classes: readonly (readonly [fault: string, clause: string])[] = [
  ['too_large', 'RFC 9110, section 5.4: a bound on heads'],
  ['forbidden_byte', 'RFC 9112, section 2.2: lines end with CRLF; RFC 9110, section 5.5: no control bytes'],
  ['The request does not begin with', 'RFC 9112, section 3: single spaces, and nothing else'],
  ['The request is not of HTTP/1.1', 'RFC 9112, section 2.3: versions 1.0 and 1.1'],
  ['The method is not one', 'RFC 9110, section 9.1: methods that are known'],
  ['The gateway does not take', 'RFC 9110, sections 9.3.6 and 9.3.8: no CONNECT, no TRACE'],
  ['The request does not follow RFC 9112', 'RFC 9112, section 5: fields'],
  ['The request has more than one Host', 'RFC 9112, section 3.2: one Host'],
  ['The request has no Host', 'RFC 9112, section 3.2: one Host'],
  ['The request has more than one Authorization', 'RFC 9110, section 11.6.2: one credential'],
  ['The request has more than 100', 'RFC 9110, section 5.4: a bound on heads'],
  ['The Host header is not', 'RFC 9110, section 7.2: a host with an optional port'],
  ['The request target must be', 'RFC 9112, section 3.2.2: the target and Host agree; 3.2.3 and 3.2.4 not taken'],
  ['The Expect header', 'RFC 9110, section 10.1.1: 100-continue alone'],
  ['The query holds', 'RFC 3986, section 3.4: characters of a query'],
  ['The path', 'RFC 3986, sections 3.3 and 6.2.2: one reading of a path'],
  ['A % in the path', 'RFC 3986, section 2.1: escapes are whole'],
  ['The Content-Length is not', 'RFC 9112, section 6.2: digits, once'],
  ['The message has more than one Content-Length', 'RFC 9112, section 6.3: one length'],
  ['The message has both', 'RFC 9112, section 6.1: never both'],
  ['The Transfer-Encoding may only', 'RFC 9112, section 6.1: chunked alone'],
  ['A message of HTTP/1.0', 'RFC 9112, section 6.1: no coding in HTTP/1.0'],
  ['The answer does not begin with', 'RFC 9112, section 4: status lines; RFC 9110, section 15: five classes'],
  ['The answer does not follow RFC 9112', 'RFC 9112, section 5: fields'],
  ['bad_chunk', 'RFC 9112, section 7.1: chunks by the letter'],
  ['chunk_too_large', 'RFC 9112, section 7.1: sizes that cannot be'],
  ['chunk_extensions_too_long', 'RFC 9112, section 7.1.1: a bound on extensions'],
  ['bad_trailer', 'RFC 9112, section 7.1.2: trailers are fields'],
  ['trailers_too_long', 'RFC 9112, section 7.1.2: a bound on trailers'],
  ['', 'RFC 9112, section 9.3: the connection ends with a message that is not kept alive'],
];

/** How often each class decided. */
export type Classes = Map<string, number>;

/** Undefined: they agree, or we refuse more, for a reason that has a class. */
export function disagreement(ours: Reading, theirs: Reading, seen: Classes): string | undefined {
  for (const [index, our] of ours.messages.entries()) {
    const their = theirs.messages[index];
    if (their === undefined) return `message ${index}: llhttp refuses its head (${theirs.fault}), we take it`;
    const difference = differenceOf(our, their, ours.fault !== '' && index === ours.messages.length - 1);
    if (difference !== undefined) return `message ${index}: ${difference}`;
    // It leaves the rest to another protocol; we, who have none, read on.
    if (their.isUpgrade) return undefined;
  }
  const last = ours.messages.at(-1);
  const theirsBeyond =
    theirs.messages.length > ours.messages.length || theirs.messages.at(-1)?.isWhole !== last?.isWhole;
  if (!theirsBeyond || theirs.messages.length < ours.messages.length) return undefined;
  const isOver = last !== undefined && last.isWhole && (!last.isKeptAlive || last.isUpgrade);
  if (ours.fault === '' && !isOver) return 'llhttp reads a message where we wait for more';
  const found = classes.find(([fault]) =>
    ours.fault === '' ? fault === '' : fault !== '' && ours.fault.startsWith(fault),
  );
  if (found === undefined) return `no class for "${ours.fault}"`;
  seen.set(found[1], (seen.get(found[1]) ?? 0) + 1);
  return undefined;
}

function differenceOf(our: Message, their: Message, isCut: boolean): string | undefined {
  if (our.start !== their.start) return `${our.start} is ${their.start} to llhttp`;
  if (our.target !== their.target) return `target ${our.target} is ${their.target} to llhttp`;
  if (!isSame(our.fields, their.fields)) return `fields ${JSON.stringify([our.fields, their.fields])}`;
  if (our.isKeptAlive && !their.isKeptAlive) return 'llhttp closes the connection, we keep it';
  // What we refused half-way, llhttp may have read on.
  if (isCut && !our.isWhole)
    return their.body.startsWith(our.body) ? undefined : `bodies ${our.body} and ${their.body}`;
  if (our.body !== their.body) return `bodies ${JSON.stringify([our.body, their.body])}`;
  return our.isWhole && !their.isWhole ? 'llhttp waits for more of the body' : undefined;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
