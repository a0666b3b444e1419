// The head of a request as it goes to a target: one string, one character for each byte. Framing, Host and Connection are
// written anew, whatever the headers say; and a head that would be read as another one is never sent.

// RFC 9110, section 5.5: visible characters, white space within, bytes beyond ASCII. What is longer than a byte has none.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unsafe = /[^\t\x20-\x7E\x80-\xFF]/;
// RFC 9112, section 3.2: white space would end the target.
const unsafeTarget = /[^\x21-\x7E]/;
// RFC 9110, section 8.6: these say that they have no body.
const usuallyWithBody = new Set(['POST', 'PUT', 'PATCH']);

export interface RequestLine {
  readonly method: string;
  /** With the query, and what the target's URL has before it. */
  readonly path: string;
  /** `\r\nhost: ...\r\n`. */
  readonly hostLine: string;
}

/**
 * @param headers names and values in turn, without hop-by-hop headers.
 * @param bodyBytes of the body; -1: in chunks; undefined: there is none.
 * @param upgrade the protocol that is asked for.
 * @returns undefined: a name or a value holds what must not stand there.
 */
export function requestHead(
  { method, path, hostLine }: RequestLine,
  headers: readonly string[],
  bodyBytes: number | undefined,
  upgrade: string | undefined,
): string | undefined {
  let fields = '';
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const value = headers[index + 1] ?? '';
    if (isFraming(name)) continue;
    if (unsafe.test(value) || unsafe.test(name)) return undefined;
    fields += `${name}: ${value}\r\n`;
  }
  if (unsafeTarget.test(path) || (upgrade !== undefined && unsafe.test(upgrade))) return undefined;
  return `${method} ${path} HTTP/1.1${hostLine}${framingLine(method, bodyBytes)}${upgradeLines(upgrade)}${fields}\r\n`;
}

/** @param origin of the target. */
export function hostLineOf(origin: string): string {
  return `\r\nhost: ${new URL(origin).host}\r\n`;
}

// Whoever wrote it meant another connection, or another framing. Told apart by length first: most names are others.
function isFraming(name: string): boolean {
  switch (name.length) {
    case 4:
      return name.toLowerCase() === 'host';
    case 7:
      return name.toLowerCase() === 'upgrade';
    case 10:
      return name.toLowerCase() === 'connection';
    case 14:
      return name.toLowerCase() === 'content-length';
    case 17:
      return name.toLowerCase() === 'transfer-encoding';
    default:
      return false;
  }
}

function framingLine(method: string, bodyBytes: number | undefined): string {
  if (bodyBytes === undefined) return usuallyWithBody.has(method) ? 'content-length: 0\r\n' : '';
  return bodyBytes === -1 ? 'transfer-encoding: chunked\r\n' : `content-length: ${bodyBytes}\r\n`;
}

function upgradeLines(upgrade: string | undefined): string {
  return upgrade === undefined ? '' : `connection: upgrade\r\nupgrade: ${upgrade}\r\n`;
}
