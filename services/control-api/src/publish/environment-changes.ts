// What the feed says of an environment as a whole.
import type { Document, EnvironmentChange } from '@sluice/contracts';
import { documentSchema } from '@sluice/contracts';
import type { Environment, Revision, Tenant, Tx } from '@sluice/prisma';
import type { Config } from '../config.js';
import { readStored } from '../database/read-stored.js';
import { portalUrlOf } from '../environments/hosts.js';
import { appendToFeed } from '../fleet/append-to-feed.js';
import { servedHosts } from '../hosts/served-hosts.js';
import { expectServed } from './expect-served.js';
import { platformBoundsIn } from './platform-bounds.js';

/** Of the tenant whose environment it is. */
export interface TenantName {
  readonly tenantId: string;
  readonly tenantSlug: string;
}

type Published = Pick<Revision, 'id' | 'number' | 'hash'>;

export function environmentChange(
  config: Config,
  { tenantSlug }: TenantName,
  environment: Pick<Environment, 'name'>,
  { id, number, hash }: Published,
  document: Document,
  hosts: readonly string[],
): EnvironmentChange {
  return {
    kind: 'environment',
    tenantSlug,
    environmentName: environment.name,
    hosts: [...hosts],
    portalOrigins: [
      ...new Set([new URL(config.web.consoleUrl).origin, new URL(portalUrlOf(tenantSlug, config)).origin]),
    ],
    revision: number,
    revisionId: id,
    hash,
    document,
  };
}

/**
 * Says an environment's live revision again, after something else of it has changed (its name or its hosts). The last
 * thing of the transaction. Null when nothing was published yet: then gateways do not know of it.
 *
 * @param isServed false: on no host, with all else that belongs to it kept.
 */
export async function announceIn(
  tx: Tx,
  config: Config,
  tenant: TenantName,
  environment: Environment,
  { isServed }: { readonly isServed: boolean } = { isServed: true },
): Promise<number | null> {
  const { tenantId } = tenant;
  const { id: environmentId, fleetId, liveRevision: number } = environment;
  if (isServed) await expectServed(tx, tenantId);
  if (number === 0) return null;
  const live = await tx.revision.findUniqueOrThrow({
    where: { tenantId_environmentId_number: { tenantId, environmentId, number } },
  });
  const hosts = isServed ? await servedHosts(tenant, tx, config, environment) : [];
  const change = environmentChange(config, tenant, environment, live, readStored(documentSchema, live.document), hosts);
  return appendToFeed(tx, fleetId, tenantId, environmentId, [{ ...change, ...(await platformBoundsIn(tx, tenantId)) }]);
}

/** Says of all of a tenant's environments whether they are served, after that has changed. The last thing of the transaction. */
export async function announceTenant(
  tx: Tx,
  config: Config,
  { id: tenantId, slug: tenantSlug, suspendedAt, deletedAt }: Tenant,
): Promise<void> {
  const isServed = suspendedAt === null && deletedAt === null;
  const environments = await tx.environment.findMany({ where: { tenantId }, orderBy: { id: 'asc' } });
  for (const environment of environments)
    await announceIn(tx, config, { tenantId, tenantSlug }, environment, { isServed });
}

/** Says that an environment is gone, with all that belongs to it. The last thing of the transaction that deletes its rows. */
export async function announceGoneIn(
  tx: Tx,
  { tenantId, tenantSlug }: TenantName,
  { id, fleetId, name, liveRevision }: Environment,
): Promise<number> {
  const change: EnvironmentChange = {
    kind: 'environment',
    tenantSlug,
    environmentName: name,
    hosts: [],
    portalOrigins: [],
    revision: liveRevision,
    revisionId: '',
    hash: '',
    document: null,
  };
  return appendToFeed(tx, fleetId, tenantId, id, [change]);
}
