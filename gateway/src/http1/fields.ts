// The field section of a message (RFC 9112, section 5), read once and strictly: no folding, no space before the colon,
// no control characters, lines end with CRLF and nothing else. Names stay as written; values lose the white space around.

export type FieldFault = 'no_name' | 'folded' | 'space_before_colon' | 'bad_name' | 'bad_value' | 'bad_line_end';

/** What is wrong with a field, in words for the person whose software wrote it. */
export const fieldFaults = {
  no_name: 'a header has no name',
  folded: 'a header is folded over several lines',
  space_before_colon: 'white space stands between the name of a header and its colon',
  bad_name: 'the name of a header holds a character that names must not have',
  bad_value: 'the value of a header holds a control character',
  bad_line_end: 'a line of the head does not end with CR and LF',
} as const satisfies Record<FieldFault, string>;

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const colon = 58;

const tokenCharacters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const isTokenCode = new Uint8Array(256);
for (const character of tokenCharacters) isTokenCode[character.charCodeAt(0)] = 1;
// RFC 9110, section 5.5: visible characters, white space within, and bytes beyond ASCII, which nobody here interprets.
const isValueCode = new Uint8Array(256);
for (let code = space; code < 256; code += 1) if (code !== 0x7f) isValueCode[code] = 1;
isValueCode[tab] = 1;

/**
 * Appends `[name, value, name, value, ...]` of the lines of `text` (latin1, each line with its CRLF) from `from` to its
 * end. Undefined: all of them were right.
 */
export function scanFields(text: string, from: number, fields: string[]): FieldFault | undefined {
  const { length } = text;
  let lineAt = from;
  while (lineAt < length) {
    let at = lineAt;
    while (isTokenCode[text.charCodeAt(at)] === 1) at += 1;
    const nameEnd = at;
    if (text.charCodeAt(at) !== colon || at === lineAt) return nameFault(text.charCodeAt(at), at === lineAt);
    at += 1;
    while (isOptionalSpace(text.charCodeAt(at))) at += 1;
    const valueAt = at;
    while (isValueCode[text.charCodeAt(at)] === 1) at += 1;
    const lineEnd = at;
    if (text.charCodeAt(at) !== carriageReturn) return isLineEnd(text.charCodeAt(at)) ? 'bad_line_end' : 'bad_value';
    if (text.charCodeAt(at + 1) !== lineFeed) return 'bad_line_end';
    while (at > valueAt && isOptionalSpace(text.charCodeAt(at - 1))) at -= 1;
    fields.push(text.slice(lineAt, nameEnd), text.slice(valueAt, at));
    lineAt = lineEnd + 2;
  }
  return undefined;
}

/** True for what RFC 9110, section 5.6.2, calls a token. */
export function isToken(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (isTokenCode[text.charCodeAt(at)] !== 1) return false;
  return text.length > 0;
}

/** The value of a field by its name in lower case; of several, all of them, as a list (RFC 9110, section 5.3). */
export function fieldOf(fields: readonly string[], name: string): string | undefined {
  let value: string | undefined;
  for (let index = 0; index < fields.length; index += 2) {
    if (!isNamed(fields[index] ?? '', name)) continue;
    const one = fields[index + 1] ?? '';
    // Cookies are the one list whose parts no comma separates (RFC 6265, section 5.4).
    value = value === undefined ? one : `${value}${name === 'cookie' ? '; ' : ', '}${one}`;
  }
  return value;
}

/** @param lower a name in lower case. Most names differ in length already. */
export function isNamed(name: string, lower: string): boolean {
  return name.length === lower.length && (name === lower || name.toLowerCase() === lower);
}

/** True when a value that is a list of tokens has this one. @param lower in lower case. */
export function listHas(value: string, lower: string): boolean {
  if (value.length < lower.length) return false;
  if (value.length === lower.length) return value.toLowerCase() === lower;
  return value.split(',').some((part) => part.trim().toLowerCase() === lower);
}

function nameFault(code: number, isFirst: boolean): FieldFault {
  if (code === space || code === tab) return isFirst ? 'folded' : 'space_before_colon';
  if (code === colon) return 'no_name';
  return isLineEnd(code) ? 'bad_line_end' : 'bad_name';
}

function isOptionalSpace(code: number): boolean {
  return code === space || code === tab;
}

function isLineEnd(code: number): boolean {
  return code === carriageReturn || code === lineFeed || Number.isNaN(code);
}
