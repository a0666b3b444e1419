// A browser adds a person's cookies to any site's request, so a request that changes something must come from our own
// pages. `Origin` and `Sec-Fetch-Site` are set by browsers and cannot be set by pages. Neither is present: no browser,
// so no borrowed cookies; curl and the CLI pass. A tenant's portal may not act on the console, nor on another portal.
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import { Refusal } from './refusal.js';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

export type OriginRule = (req: FastifyRequest) => void;

export function sameOriginRule({ web }: Pick<Config, 'web'>): OriginRule {
  const isOurs = ourOrigins(web);
  return (req) => {
    if (safeMethods.has(req.method)) return;
    const { origin, 'sec-fetch-site': site } = req.headers;
    if (origin === undefined && site === undefined) return;
    const isSameSite = site === undefined || site === 'same-origin' || site === 'none';
    const isKnown = origin === undefined ? site === 'same-origin' : isOurs(origin) && isForThisHost(origin, req);
    if (isSameSite && isKnown) return;
    throw new Refusal(
      'cross_origin',
      'This change was asked for by a page of another site. Use the console or the developer portal itself, or a client that is not a browser.',
    );
  };
}

/** True for the console's origin and for those of portals. */
export function ourOrigins({ consoleUrl, portalUrl }: Config['web']): (origin: string) => boolean {
  const consoleOrigin = new URL(consoleUrl).origin;
  const [before = '', after = ''] = new URL(portalUrl.replace('{tenant}', 'tenant-placeholder')).origin.split(
    'tenant-placeholder',
  );
  return (origin) => {
    if (origin === consoleOrigin) return true;
    if (!origin.startsWith(before) || !origin.endsWith(after)) return false;
    return /^[a-z][a-z0-9-]{1,39}$/.test(origin.slice(before.length, origin.length - after.length));
  };
}

// The page's server passes the host on that the browser asked for; Fastify believes it from trusted proxies alone.
function isForThisHost(origin: string, req: FastifyRequest): boolean {
  return req.headers['x-forwarded-host'] === undefined || URL.parse(origin)?.host === req.host;
}
