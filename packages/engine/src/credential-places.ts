// Where a request may carry a key or a token: headers, query parameters and cookies. A credential that comes twice is
// refused: which of the two the upstream would read nobody can tell.
import { headerNameSchema } from '@sluice/contracts';
import { z } from 'zod';
import { readAuthorization } from './authorization.js';
import { headerNameFault } from './header-names.js';
import type { CompileContext } from './policy.js';
import type { Progress } from './progress.js';
import { cutCookie, cutParameter, readCookies, readParameters } from './request-parts.js';

const listOf = <Name extends z.ZodType<string>>(name: Name) => z.union([name, z.array(name).min(1).max(8)]).optional();

const parameterName = z.string().regex(/^[A-Za-z0-9._~-]{1,64}$/, 'write letters, digits and . _ ~ -, 64 at most');
// RFC 6265, section 4.1.1: a cookie's name is a token.
const cookieName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'write a cookie name, 64 characters at most');

export const placeFields = {
  header: listOf(headerNameSchema).meta({ description: 'the header that carries it, or several' }),
  query: listOf(parameterName).meta({ description: 'the query parameter that carries it, or several' }),
  cookie: listOf(cookieName).meta({ description: 'the cookie that carries it, or several' }),
};

export interface PlaceSettings {
  readonly header?: string | readonly string[] | undefined;
  readonly query?: string | readonly string[] | undefined;
  readonly cookie?: string | readonly string[] | undefined;
}

export interface Place {
  readonly kind: 'header' | 'query' | 'cookie';
  readonly name: string;
}

export type Found =
  | { readonly state: 'absent' }
  | { readonly state: 'found'; readonly value: string; readonly place: Place }
  | { readonly state: 'repeated' };

/**
 * In an order that does not depend on the document's. `otherwise` is the header where no place is named. `report` hears of
 * headers that carry nothing of a caller's: taking Content-Length for a key, and hiding it, would tear requests apart.
 */
export function placesOf(
  { header, query, cookie }: PlaceSettings,
  otherwise: string,
  report: CompileContext['report'],
): readonly Place[] {
  [header ?? []].flat().forEach((name, index) => {
    const fault = headerNameFault(name, 'request');
    if (fault !== undefined)
      report(typeof header === 'string' ? ['header'] : ['header', index], fault.detail, fault.fix);
  });
  const places = [
    ...[header ?? []].flat().map((name): Place => ({ kind: 'header', name })),
    ...[query ?? []].flat().map((name): Place => ({ kind: 'query', name })),
    ...[cookie ?? []].flat().map((name): Place => ({ kind: 'cookie', name })),
  ];
  const sorted = places.toSorted((left, right) => (placeInWords(left) < placeInWords(right) ? -1 : 1));
  return sorted.length === 0 ? [{ kind: 'header', name: otherwise }] : sorted;
}

/** `schemes`, in lower case: what may stand before it in `Authorization`, where a value of another scheme is none of ours. */
export function findCredential(places: readonly Place[], schemes: readonly string[], { request }: Progress): Found {
  let found: Found = { state: 'absent' };
  for (const place of places) {
    for (const value of valuesAt(place, schemes, request)) {
      if (found.state !== 'absent') return { state: 'repeated' };
      found = { state: 'found', value, place };
    }
  }
  return found;
}

/** Takes it out of what goes upstream, wherever it may stand. */
export function concealCredential(places: readonly Place[], schemes: readonly string[], progress: Progress): void {
  for (const place of places) {
    switch (place.kind) {
      case 'header':
        if (place.name !== 'authorization' || valuesAt(place, schemes, progress.request).length > 0)
          progress.upstreamEdits.remove.push(place.name);
        break;
      case 'query':
        progress.query = cutParameter(progress.query, place.name);
        break;
      case 'cookie':
        cutCookie(progress, place.name);
        break;
    }
  }
}

/**
 * Lets the upstream see it, and no other that a client may have put beside it: where `Authorization` comes twice, only the
 * first was read here.
 */
export function keepCredential({ kind, name }: Place, { request, upstreamEdits }: Progress): void {
  const value = kind === 'header' && name === 'authorization' ? request.header(name) : undefined;
  if (value !== undefined) upstreamEdits.set.push([name, value]);
}

/** `the header x-api-key` */
export function placeInWords({ kind, name }: Place): string {
  return `the ${kindInWords[kind]} ${name}`;
}

const kindInWords = { header: 'header', query: 'query parameter', cookie: 'cookie' } as const;

function valuesAt(place: Place, schemes: readonly string[], request: Progress['request']): readonly string[] {
  switch (place.kind) {
    case 'header':
      return headerValues(place.name, schemes, request.header(place.name));
    case 'query':
      return request.query === '' ? none : readParameters(request.query, place.name);
    default:
      return readCookies(request.header('cookie'), place.name);
  }
}

function headerValues(name: string, schemes: readonly string[], value: string | undefined): readonly string[] {
  if (value === undefined || value === '') return none;
  // A header that comes twice is one list (RFC 9110, section 5.3). No key and no token holds a comma and a space.
  if (name !== 'authorization') return value.split(', ');
  const read = readAuthorization(value);
  return read !== undefined && schemes.includes(read.scheme) ? [read.credential] : none;
}

const none: readonly string[] = [];
