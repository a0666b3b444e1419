// One active check: GET over a connection of its own, to an address that upstreams may lead to, as requests would. What it
// answers is read no further than its head.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { HealthSpec, UpstreamTls } from '@sluice/contracts';
import type { IsAllowed, Resolve } from '../allowed-address.js';
import { checkedLookup } from '../allowed-address.js';
import type { ClientCertificate } from '../http1/socket-opener.js';
import type { CheckOutcome } from './active-checks.js';

export interface CheckedTarget {
  readonly url: string;
  readonly address: string | undefined;
  readonly health: HealthSpec;
  readonly tls: UpstreamTls | undefined;
  /** Where `tls` names one. Undefined: the operator holds none of that name. */
  readonly certificate: ClientCertificate | undefined;
  readonly isAllowed: IsAllowed;
  readonly signal: AbortSignal;
}

/** Never rejects: nobody waits for a check, and Node would end the gateway. */
export async function checkTarget(target: CheckedTarget, resolve?: Resolve): Promise<CheckOutcome> {
  const { health, signal } = target;
  const url = new URL(target.url);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const isAllowed = (address: string): boolean => target.isAllowed(address, port);
  const host = target.address ?? url.hostname.replaceAll(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowed(host)) return `${host} is not an allowed address`;
  const named = target.tls?.clientCertificate;
  if (named !== undefined && target.certificate === undefined)
    return `the gateway holds no client certificate named ${named}`;
  try {
    const status = await ask(target, url, { host, port, lookup: checkedLookup(isAllowed, resolve) });
    return isGood(status, health.statuses) ? null : `it answered the check with ${status}`;
  } catch (error) {
    return signal.aborted ? undefined : faultInWords(error as Error, health.timeoutMs);
  }
}

/** The status of the answer. What the request cannot be made of throws in here, and so rejects. */
async function ask(target: CheckedTarget, url: URL, connection: RequestOptions): Promise<number> {
  const { health, signal } = target;
  return new Promise((resolve, reject) => {
    const isTls = url.protocol === 'https:';
    const req = (isTls ? httpsRequest : httpRequest)({
      ...connection,
      path: url.pathname.replace(/\/+$/, '') + health.path,
      headers: { host: url.host, 'user-agent': 'sluice-health-check' },
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(health.timeoutMs)]),
      ...(isTls ? tlsOptions(url, target) : {}),
    });
    req.once('response', (res) => {
      res.on('error', () => undefined); // of the connection that is closed here
      resolve(res.statusCode ?? 0);
      req.destroy();
    });
    req.on('error', reject);
    // Of an answer 101, Node tells nothing but that it has closed the connection.
    req.once('close', () => reject(new Error('no answer of HTTP')));
    req.end();
  });
}

function isGood(status: number, statuses: HealthSpec['statuses']): boolean {
  return statuses.some((one) =>
    typeof one === 'number' ? one === status : Number(one[0]) === Math.floor(status / 100),
  );
}

function tlsOptions(url: URL, { tls, certificate }: CheckedTarget): RequestOptions {
  const named = tls?.serverName ?? (isIP(url.hostname.replaceAll(/^\[|\]$/g, '')) === 0 ? url.hostname : undefined);
  return {
    ...(named === undefined ? {} : { servername: named }),
    ...(tls?.ca === undefined ? {} : { ca: tls.ca }),
    ...certificate,
    rejectUnauthorized: tls?.insecure !== true,
  };
}

function faultInWords(error: Error & { code?: string }, timeoutMs: number): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return `it did not answer the check within ${timeoutMs} ms`;
  return `the check could not reach it (${error.code ?? error.message})`;
}
