// Single query parameters and cookies: read by name, and cut out of what goes upstream without touching the rest.
import type { Progress } from './progress.js';

/** The values of a parameter, percent-decoded; those that do not decode as they are. Empty ones are left out. */
export function readParameters(query: string, name: string): readonly string[] {
  const values: string[] = [];
  for (const pair of pairsOf(query)) {
    const equals = pair.indexOf('=');
    if (equals < 0 || decoded(pair.slice(0, equals)) !== name) continue;
    const value = decoded(pair.slice(equals + 1));
    if (value !== '') values.push(value);
  }
  return values;
}

/** The query without any parameter of this name, however it is escaped. With its `?`, or empty. */
export function cutParameter(query: string, name: string): string {
  if (query.length < 2) return query;
  const pairs = pairsOf(query);
  const kept = pairs.filter((pair) => decoded(pair.split('=', 1)[0] ?? '') !== name);
  if (kept.length === pairs.length) return query;
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** The values of a cookie; without the quotes that RFC 6265 allows around one. Empty ones are left out. */
export function readCookies(header: string | undefined, name: string): readonly string[] {
  if (header === undefined) return [];
  const values: string[] = [];
  for (const pair of header.split(';')) {
    const [own, value] = cookieOf(pair);
    if (own === name && value !== '') values.push(value);
  }
  return values;
}

/** Cuts a cookie out of the `cookie` header that goes upstream, after other cuts. */
export function cutCookie({ request, upstreamEdits: { set, remove } }: Progress, name: string): void {
  const edit = set.findIndex(([header]) => header === 'cookie');
  const header = set[edit]?.[1] ?? (remove.includes('cookie') ? undefined : request.header('cookie'));
  if (header === undefined) return;
  const pairs = header.split(';');
  const kept = pairs.filter((pair) => cookieOf(pair)[0] !== name);
  if (kept.length === pairs.length) return;
  if (edit >= 0) set.splice(edit, 1);
  if (kept.length === 0) remove.push('cookie');
  else set.push(['cookie', kept.join(';').trim()]);
}

function pairsOf(query: string): string[] {
  return (query.startsWith('?') ? query.slice(1) : query).split('&');
}

function cookieOf(pair: string): readonly [name: string, value: string] {
  const equals = pair.indexOf('=');
  if (equals < 0) return ['', ''];
  const value = pair.slice(equals + 1).trim();
  const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"');
  return [pair.slice(0, equals).trim(), isQuoted ? value.slice(1, -1) : value];
}

// `+` is a space in queries that come from forms. A wrong escape is kept as it is: it equals no name.
function decoded(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
