import { headers } from 'next/headers';
import { config } from '@/config';
import { getPortal } from '@/features/api/portal-calls';
import { read } from '@/features/api/read';
import { frontPageOf, siteOfHost } from './hosts';

/** Where "the front page" is for a visitor of an address that is no page. */
export async function frontPage(): Promise<string> {
  const { portalDomain, consoleUrl } = config();
  const site = siteOfHost((await headers()).get('host') ?? '', portalDomain, consoleUrl);
  if (site.kind !== 'portal') return frontPageOf(site, false, consoleUrl);
  const portal = await read(getPortal(site.tenant));
  return frontPageOf(site, portal.ok || portal.code !== 'not_found', consoleUrl);
}
