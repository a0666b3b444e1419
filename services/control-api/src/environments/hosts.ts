// Where an environment answers: `<tenant>.<fleet domain>` for production, `<environment>--<tenant>.<fleet domain>` for the
// others. A slug has no `--`, so no two environments share a host.
import type { Config } from '../config.js';

export function hostsOf(tenantSlug: string, environmentName: string, fleetDomain: string): string[] {
  return [
    environmentName === 'production'
      ? `${tenantSlug}.${fleetDomain}`
      : `${environmentName}--${tenantSlug}.${fleetDomain}`,
  ];
}

/** Without a slash at the end. */
export function publicUrlOf(tenantSlug: string, environmentName: string, { fleet }: Config): string {
  const [host = ''] = hostsOf(tenantSlug, environmentName, fleet.domain);
  return new URL(fleet.publicUrl.replace('{host}', host)).href.replace(/\/$/, '');
}

/** Without a slash at the end. */
export function portalUrlOf(tenantSlug: string, { web }: Config): string {
  return new URL(web.portalUrl.replace('{tenant}', tenantSlug)).href.replace(/\/$/, '');
}
