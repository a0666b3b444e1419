// What an upstream's `consistent-hash` goes by, of one request.
import type { UpstreamSpec } from '@sluice/contracts';
import { readCookies } from '@sluice/engine';
import type { Exchange } from '../wire/exchange.js';

/** Undefined: the request has none. */
export function hashSubject(
  hashBy: NonNullable<UpstreamSpec['hashBy']>,
  applicationId: string,
  exchange: Pick<Exchange, 'header' | 'clientAddress'>,
): string | undefined {
  const subject = subjectOf(hashBy, applicationId, exchange);
  return subject === '' ? undefined : subject;
}

function subjectOf(
  hashBy: NonNullable<UpstreamSpec['hashBy']>,
  applicationId: string,
  exchange: Pick<Exchange, 'header' | 'clientAddress'>,
): string | undefined {
  if (hashBy === 'ip') return exchange.clientAddress;
  if (hashBy === 'application') return applicationId;
  const name = hashBy.slice(hashBy.indexOf(':') + 1);
  return hashBy.startsWith('header:') ? exchange.header(name) : readCookies(exchange.header('cookie'), name)[0];
}
