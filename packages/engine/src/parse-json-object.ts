// JSON as security needs it: an object in which no name occurs twice, because readers differ in which of the two they take
// (RFC 8259, section 4). Whoever sends it pays nothing for it, so what is nested deeper than anything real is not parsed: lists
// in lists by the thousand cost a hundred times what a usual text of that length does (measured: 0.5 ms for 6 kB).

const deepest = 32;
const quote = 0x22;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Undefined: the text is no such object. Names like `__proto__` are members like any other: ask with `Object.hasOwn`. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!isPlain(text)) return undefined;
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Readonly<Record<string, unknown>>;
}

// False: nested too deep, or a name occurs twice in one object. Of a text that is no JSON it may say either: nobody will read
// it. In one that is, a string with a colon behind it is a name, and brackets outside of strings are the structure. By codes,
// and with names cut out rather than parsed, because strangers send such texts: it costs about as much as JSON.parse does.
function isPlain(json: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  for (let index = 0; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (code === openBrace || code === openBracket) {
      if (open.length === deepest) return false;
      open.push(code === openBrace ? new Set() : undefined);
    } else if (code === closeBrace || code === closeBracket) open.pop();
    else if (code === quote) {
      const end = endOfString(json, index);
      const names = open.at(-1);
      if (names !== undefined && isName(json, end)) {
        const name = nameIn(json.slice(index, end));
        if (names.has(name)) return false;
        names.add(name);
      }
      index = end - 1;
    }
  }
  return true;
}

function endOfString(json: string, start: number): number {
  for (let index = start + 1; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (code === quote) return index + 1;
    if (code === backslash) index += 1;
  }
  return json.length;
}

function isName(json: string, end: number): boolean {
  let index = end;
  while (' \t\n\r'.includes(json.charAt(index)) && index < json.length) index += 1;
  return json.charCodeAt(index) === colon;
}

function nameIn(text: string): string {
  return text.includes('\\') ? String(parsed(text)) : text.slice(1, -1);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
