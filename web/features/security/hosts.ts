// Which site a host name means: the console, or a tenant's portal at `<tenant>.<portal domain>`.
import { slugSchema } from '@sluice/contracts';

export type Site = { kind: 'console' } | { kind: 'portal'; tenant: string } | { kind: 'unknown' };

/** `host` is a Host header. A name under the portal domain that can be no tenant's is unknown, never the console. */
export function siteOfHost(host: string, portalDomain: string, consoleUrl: string): Site {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  if (name === new URL(consoleUrl).hostname || !name.endsWith(`.${portalDomain}`)) return { kind: 'console' };
  const label = name.slice(0, -portalDomain.length - 1);
  return slugSchema.safeParse(label).success ? { kind: 'portal', tenant: label } : { kind: 'unknown' };
}

/** Where a tenant's portal is, with the protocol and port that the visitor is using. */
export function portalUrl(tenant: string, portalDomain: string, consoleUrl: string): string {
  const url = new URL(consoleUrl);
  url.hostname = `${tenant}.${portalDomain}`;
  return url.origin;
}

/** A host that nobody's portal is at has no front page of its own: the console's, with its host, is the way out. */
export function frontPageOf(site: Site, hasPortal: boolean, consoleUrl: string): string {
  return site.kind === 'console' || hasPortal ? '/' : `${consoleUrl}/`;
}
