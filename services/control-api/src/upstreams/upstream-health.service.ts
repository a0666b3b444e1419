// The health of an environment's targets as the live gateways see it, target by target.
import { Inject, Injectable } from '@nestjs/common';
import type { EnvironmentHealth, TargetHealth } from '@sluice/contracts';
import type { Database } from '@sluice/prisma';
import { findEnvironment } from '../environments/find-environment.js';
import { fleetsRepository } from '../fleet/fleets.repository.js';
import type { Access } from '../http/access.js';
import { databaseToken } from '../tokens.js';
import { upstreamHealthRepository, type GatewayHealth } from './upstream-health.repository.js';

@Injectable()
export class UpstreamHealthService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async read({ tenantId }: Access, environmentName: string): Promise<EnvironmentHealth> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { id, fleetId } = await findEnvironment(tenantId, tx, environmentName);
      const live = await fleetsRepository.liveGateways(tx, fleetId);
      const ids = live.map((gateway) => gateway.id);
      const told = await upstreamHealthRepository.ofGateways(tenantId, tx, id, ids);
      return { liveGateways: live.length, upstreams: byUpstream(told) };
    });
  }
}

function byUpstream(told: readonly GatewayHealth[]): EnvironmentHealth['upstreams'] {
  const upstreams = new Map<string, Map<string, TargetHealth>>();
  for (const { gatewayId, upstreams: own } of told)
    for (const { name, targets } of own) {
      const known = upstreams.get(name) ?? new Map<string, TargetHealth>();
      upstreams.set(name, known);
      for (const { url, address, state, since, cause } of targets) {
        const key = `${url} ${address ?? ''}`;
        const target = known.get(key) ?? { url, address, gateways: [] };
        known.set(key, target);
        target.gateways.push({ gatewayId, state, since: new Date(since).toISOString(), cause });
      }
    }
  return [...upstreams]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, targets]) => ({ name, targets: [...targets.values()] }));
}
