// JSON as security needs it: an object in which no name occurs twice, because readers differ in which of the two they take
// (RFC 8259, section 4). Whoever sends it pays nothing for it, so what is nested deeper than anything real is not parsed: lists
// in lists by the thousand cost a hundred times what a usual text of that length does (measured: 0.5 ms for 6 kB).

const deepest = 32;

/** Undefined: the text is no such object. Names like `__proto__` are members like any other: ask with `Object.hasOwn`. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  if (isDeep(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || hasRepeatedName(text)) return undefined;
  return value as Readonly<Record<string, unknown>>;
}

// Of any text, JSON or not: what is no JSON has no depth that matters.
function isDeep(text: string): boolean {
  let depth = 0;
  let isString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') isString = !isString;
    else if (isString) index += character === '\\' ? 1 : 0;
    else if (character === '{' || character === '[') {
      depth += 1;
      if (depth > deepest) return true;
    } else if (character === '}' || character === ']') depth -= 1;
  }
  return false;
}

// In a text that is JSON, a string with a colon behind it is a name, and brackets outside of strings are the structure.
function hasRepeatedName(json: string): boolean {
  const open: Set<string>[] = [];
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (character === '{' || character === '[') open.push(new Set());
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(json, index);
      if (isName(json, end)) {
        const names = open.at(-1);
        const name = JSON.parse(json.slice(index, end)) as string;
        if (names?.has(name) === true) return true;
        names?.add(name);
      }
      index = end - 1;
    }
  }
  return false;
}

function endOfString(json: string, start: number): number {
  let index = start + 1;
  while (json[index] !== '"') index += json[index] === '\\' ? 2 : 1;
  return index + 1;
}

function isName(json: string, end: number): boolean {
  let index = end;
  while (json[index] === ' ' || json[index] === '\t' || json[index] === '\n' || json[index] === '\r') index += 1;
  return json[index] === ':';
}
