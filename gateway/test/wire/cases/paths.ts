// One reading of a path: what two servers may take for different resources is refused, and the rest goes on in one form.
// RFC 3986, sections 5.2.4 and 6.2.2, and the published tricks of path confusion.
import type { WireCase } from '../wire-case.js';
import { head, refused, served } from '../wire-case.js';

const line = (target: string): string => head(`GET ${target} HTTP/1.1`);

const confusing: readonly (readonly [name: string, target: string])[] = [
  ['an encoded dot', '{p}/%2e'],
  ['two encoded dots', '{p}/%2e%2e/x'],
  ['a dot and an encoded dot', '{p}/.%2e/x'],
  ['an encoded dot and a dot', '{p}/%2E./x'],
  ['an encoded dot in a name', '{p}/a%2eb'],
  ['an encoded slash', '{p}/a%2fb'],
  ['an encoded slash in capitals', '{p}/a%2Fb'],
  ['encoded slashes and dots', '{p}/..%2f..%2fadmin'],
  ['an encoded backslash', '{p}/a%5cb'],
  ['an encoded backslash in capitals', '{p}/..%5C..%5Cadmin'],
  ['a backslash', '{p}/a\\b'],
  ['a backslash for a segment', '{p}/..\\admin'],
  ['an encoded NUL', '{p}/a%00.png'],
  ['a percent alone', '{p}/%'],
  ['a percent with one digit', '{p}/%4'],
  ['a percent with letters', '{p}/%zz'],
  ['an escape of another kind', '{p}/%u002e'],
  ['a percent before an escape', '{p}/%%34%65'],
  ['dots with a parameter', '{p}/..;/admin'],
  ['dots with a named parameter', '{p}/..;a=b/admin'],
  ['a dot with a parameter', '{p}/.;/admin'],
];

const plain: readonly (readonly [name: string, target: string, seen: string])[] = [
  ['a dot segment', '{p}/a/./b', '{p}/a/b'],
  ['two dots', '{p}/a/../b', '{p}/b'],
  ['dots at the end', '{p}/a/b/..', '{p}/a/'],
  ['a dot at the end', '{p}/a/.', '{p}/a/'],
  ['three dots', '{p}/.../b', '{p}/.../b'],
  ['escapes of what needs none', '{p}/%61%7e%2D%5f', '{p}/a~-_'],
  ['escapes in small letters', '{p}/%c3%a9', '{p}/%C3%A9'],
  ['an encoded percent', '{p}/%252e%252e', '{p}/%252e%252e'],
  ['an encoded space', '{p}/a%20b', '{p}/a%20b'],
  ['empty segments', '{p}//a///b', '{p}//a///b'],
  ['an empty segment at the end', '{p}//', '{p}//'],
  ['a parameter', '{p}/a;b=c/d', '{p}/a;b=c/d'],
  ['an encoded question mark', '{p}/a%3fb', '{p}/a%3Fb'],
  ['an encoded hash', '{p}/a%23b', '{p}/a%23b'],
  ['a query as it is', '{p}?a=../%2e%2f&b', '{p}?a=../%2e%2f&b'],
  ['a query of nothing', '{p}?', '{p}?'],
  ['two question marks', '{p}?a?b', '{p}?a?b'],
  ['a colon and an at sign', '{p}/a:b@c', '{p}/a:b@c'],
];

export const paths: readonly WireCase[] = [
  ...confusing.map(([name, target]) => refused('path confusion', name, line(target))),
  ...plain.map(([name, target, seen]) => served('3986 6.2.2', name, line(target), `GET ${seen}`)),
  { ...served('3986 5.2.4', 'dots beyond the root', line('{p}/../../../../admin')), sees: [404] },
  { ...served('3986 5.2.4', 'dots out of the route', line('{p}/../../other')), sees: [404] },
];
