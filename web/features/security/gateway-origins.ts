// The origins of a tenant's gateways, for `connect-src`. Asked once per document; without an answer the page still
// loads, and only the test request is blocked.
import { z } from 'zod';

const environment = z.object({ publicUrl: z.url() });
const portal = z.object({ apis: z.array(z.object({ publicUrl: z.url() })) });

/** For the console: of the environment that the visitor may read. */
export async function environmentOrigins(controlUrl: string, tenant: string, forwarded: Headers): Promise<string[]> {
  const path = `/v1/tenants/${encodeURIComponent(tenant)}/environments/production`;
  const read = environment.safeParse(await ask(controlUrl + path, forwarded));
  return read.success ? [new URL(read.data.publicUrl).origin] : [];
}

/** For the portal: of the APIs on offer. */
export async function portalOrigins(controlUrl: string, tenant: string): Promise<string[]> {
  const read = portal.safeParse(await ask(`${controlUrl}/v1/portal/${encodeURIComponent(tenant)}`, new Headers()));
  return read.success ? [...new Set(read.data.apis.map((api) => new URL(api.publicUrl).origin))] : [];
}

async function ask(url: string, headers: Headers): Promise<unknown> {
  try {
    const response = await fetch(url, { headers, cache: 'no-store', signal: AbortSignal.timeout(2000) });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
