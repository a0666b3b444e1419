// The parameters of a query as it came (application/x-www-form-urlencoded).

/** The first value of each name, decoded. `query` begins with `?`, or is empty. */
export function queryValues(query: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (let from = 1; from < query.length;) {
    const next = query.indexOf('&', from);
    const end = next === -1 ? query.length : next;
    const equals = query.indexOf('=', from);
    const nameEnd = equals === -1 || equals > end ? end : equals;
    const name = decoded(query.slice(from, nameEnd));
    if (!values.has(name)) values.set(name, decoded(query.slice(nameEnd + 1, end)));
    from = end + 1;
  }
  return values;
}

// Most names and values need no decoding. A % without its digits stands for itself.
function decoded(text: string): string {
  if (!/[%+]/.test(text)) return text;
  const bytes = text
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  // `decodeURIComponent` would throw on bytes that are no UTF-8; this replaces them.
  return /[^\0-\x7f]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}
