// Before every page: `/v1` goes to control-api at run time (so cookies stay same-origin), a tenant's host goes to the
// portal's tree, and every document gets its nonce and security headers.
import { NextResponse } from 'next/server';
import type { NextRequest } from 'next/server';
import { slugSchema } from '@sluice/contracts';
import { config as readConfig } from '@/config';
import { addressHeader, addressOf } from '@/features/navigation/page-address';
import { environmentOrigins, portalOrigins } from '@/features/security/gateway-origins';
import { contentSecurityPolicy, setSecurityHeaders } from '@/features/security/headers';
import { portalUrl, siteOfHost } from '@/features/security/hosts';
import type { Site } from '@/features/security/hosts';

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { controlUrl, portalDomain, consoleUrl, isDevelopment } = readConfig();
  const { pathname, search } = request.nextUrl;
  if (pathname === '/v1' || pathname.startsWith('/v1/')) {
    return NextResponse.rewrite(new URL(pathname + search, controlUrl));
  }
  const site = siteOfHost(request.headers.get('host') ?? '', portalDomain, consoleUrl);
  if (site.kind === 'console' && pathname.startsWith('/p/')) {
    const [, , tenant = '', ...rest] = pathname.split('/');
    if (slugSchema.safeParse(tenant).success) {
      return NextResponse.redirect(`${portalUrl(tenant, portalDomain, consoleUrl)}/${rest.join('/')}${search}`);
    }
  }

  const isHttps = consoleUrl.startsWith('https:');
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64');
  const origins = request.headers.get('sec-fetch-dest') === 'empty' ? [] : await originsOf(request, site, controlUrl);
  const policy = contentSecurityPolicy(nonce, origins, isDevelopment);
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  headers.set(addressHeader, addressOf(pathname, search));
  const target = request.nextUrl.clone();
  target.pathname = treePath(site, pathname);
  const response = NextResponse.rewrite(target, { request: { headers } });
  response.headers.set('content-security-policy', policy);
  setSecurityHeaders(response.headers, isHttps);
  return response;
}

export const config = {
  matcher: ['/((?!_next/static|_next/image|favicon.ico|icon.svg).*)'],
};

/** The page's place in `app/`. The portal's tree asked for by another host leads to an address that does not exist. */
function treePath(site: Site, pathname: string): string {
  if (site.kind === 'portal') return `/sites/${site.tenant}${pathname === '/' ? '' : pathname}`;
  if (site.kind === 'unknown' || pathname === '/sites' || pathname.startsWith('/sites/')) return '/sites';
  return pathname;
}

async function originsOf(request: NextRequest, site: Site, controlUrl: string): Promise<string[]> {
  if (site.kind === 'portal') return portalOrigins(controlUrl, site.tenant);
  const tenant = request.nextUrl.pathname.split('/')[1] ?? '';
  const cookie = request.headers.get('cookie');
  if (site.kind === 'unknown' || cookie === null || !slugSchema.safeParse(tenant).success) return [];
  const forwarded = new Headers({ cookie, 'x-forwarded-host': request.headers.get('host') ?? '' });
  return environmentOrigins(controlUrl, tenant, forwarded);
}
