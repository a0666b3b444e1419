// Where an environment answers: at the hosts that are given to it, and at those that it holds.
import type { Document } from '@sluice/contracts';
import { namedHosts } from '@sluice/engine';
import type { Environment, Tx } from '@sluice/prisma';
import type { Config } from '../config.js';
import { hostsOf } from '../environments/hosts.js';
import { isOfFleet, readHost } from './host-name.js';
import { hostsRepository } from './hosts.repository.js';

interface Named {
  readonly tenantId: string;
  readonly tenantSlug: string;
}

export async function servedHosts(
  { tenantId, tenantSlug }: Named,
  tx: Tx,
  { fleet }: Config,
  { id, name }: Pick<Environment, 'id' | 'name'>,
): Promise<string[]> {
  const held = await hostsRepository.held(tenantId, tx, id);
  // The domain may have become the fleet's after the host was proven.
  const own = held.filter((host) => !isOfFleet(host, fleet.domain));
  return [...hostsOf(tenantSlug, name, fleet.domain), ...own];
}

/**
 * By what a document is judged before it is published: the hosts at which its environment answers, and all of its routes' that could
 * be proven, whether or not they are yet. Until then the gateways refuse these routes alone, and serve them without
 * another publication from then on.
 */
export function provableHosts(served: readonly string[], document: Document, { fleet }: Config): string[] {
  const provable = namedHosts(document).filter((host) => readHost(host, fleet.domain).isGood);
  return [...new Set([...served, ...provable])];
}
