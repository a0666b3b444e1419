// For tests: two tenants that claim hosts, on a real Postgres, and a resolver that answers as it is told. No upkeep goes on by itself.
import type { EnvironmentChange, HostClaim } from '@sluice/contracts';
import type { Logger } from '@sluice/runtime';
import pg from 'pg';
import { FeedReader } from '../fleet/feed.reader.js';
import { HostChecks } from '../hosts/host-checks.js';
import { HostsService } from '../hosts/hosts.service.js';
import { HostsUpkeep } from '../hosts/hosts-upkeep.js';
import type { Answer, ProofResolver } from '../hosts/proof-resolver.js';
import { RevisionsService } from '../publish/revisions.service.js';
import { seedDraft, seedTenant, startFleetServers, type FleetServers, type Seeded } from './fleet-servers.js';

class ToldResolver implements ProofResolver {
  readonly records = new Map<string, string[]>();
  /** Names at which no server answers. */
  readonly silent = new Set<string>();
  readonly asked: string[] = [];
  onLook: (name: string) => Promise<void> = async () => undefined;

  async txt(name: string): Promise<Answer> {
    this.asked.push(name);
    await this.onLook(name);
    if (this.silent.has(name)) return { isAnswered: false, reason: 'ESERVFAIL' };
    return { isAnswered: true, values: this.records.get(name) ?? [] };
  }

  reset(): void {
    this.records.clear();
    this.silent.clear();
    this.asked.length = 0;
    this.onLook = async () => undefined;
  }
}

export class HostClaimants {
  readonly hosts: HostsService;

  private constructor(
    readonly resolver: ToldResolver,
    readonly servers: FleetServers,
    /** Of the database. */
    readonly owner: pg.Client,
    readonly acme: Seeded,
    readonly best: Seeded,
  ) {
    this.hosts = servers.app.get(HostsService);
  }

  static async start(): Promise<HostClaimants> {
    const resolver = new ToldResolver();
    const servers = await startFleetServers(resolver);
    // A round in the midst of a test would leave it nothing to find.
    await servers.app.get(HostsUpkeep).onModuleDestroy();
    const owner = new pg.Client({ connectionString: servers.postgresUrl });
    await owner.connect();
    const [acme, best] = [await seedTenant(servers.database, 'acme'), await seedTenant(servers.database, 'best')];
    for (const tenant of [acme, best]) {
      await servers.database.inTenant(tenant.tenantId, (tx) => seedDraft(tx, tenant));
      await servers.app.get(RevisionsService).publish(tenant.access, 'production', '', false);
    }
    return new HostClaimants(resolver, servers, owner, acme, best);
  }

  async stop(): Promise<void> {
    await this.owner.end();
    await this.servers.stop();
  }

  /** As if nobody had claimed anything yet. */
  async reset(): Promise<void> {
    this.resolver.reset();
    await this.owner.query('DELETE FROM sluice.host_claims; DELETE FROM auth.attempt');
  }

  async claim({ access }: Seeded, host: string): Promise<HostClaim> {
    return this.hosts.claim(access, 'production', host, undefined);
  }

  async verify({ access }: Seeded, host: string): Promise<HostClaim> {
    return this.hosts.verify(access, 'production', host);
  }

  async read({ access }: Seeded, host: string): Promise<HostClaim> {
    return this.hosts.read(access, 'production', host);
  }

  /** Sets the record that a claim asks for, beside those that are there. */
  setRecord({ record: { name, value } }: HostClaim): void {
    const { records } = this.resolver;
    records.set(name, [...(records.get(name) ?? []), value]);
  }

  async proven(tenant: Seeded, host: string): Promise<HostClaim> {
    this.setRecord(await this.claim(tenant, host));
    const claim = await this.verify(tenant, host);
    if (claim.state !== 'proven' || !claim.isServed) throw new Error(`${host} is not proven: ${JSON.stringify(claim)}`);
    return claim;
  }

  /** What the gateways were told last. */
  async told({ environmentId }: Seeded): Promise<EnvironmentChange & { position: number }> {
    const entries = await this.servers.app.get(FeedReader).entriesAfter('default', 0);
    const last = entries.findLast((entry) => entry.environmentId === environmentId && entry.lane === 3);
    if (last === undefined) throw new Error('the gateways were told nothing');
    return { ...(last.change as EnvironmentChange), position: last.position };
  }

  /** As if so much time had passed since everything that is known of the claims. */
  async pass(hours: number): Promise<void> {
    const columns = ['proven_at', 'failing_since', 'checked_at', 'next_check_at', 'created_at'];
    const earlier = columns.map((column) => `${column} = ${column} - make_interval(hours => ${hours})`);
    await this.owner.query(`UPDATE sluice.host_claims SET ${earlier.join(', ')}`);
  }

  /** That of one more control plane; it throws what others would log. */
  upkeep(): HostsUpkeep {
    const { database, app } = this.servers;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it says nothing else
    const logger = {
      warn: (_: unknown, what: string): never => {
        throw new Error(what);
      },
    } as unknown as Logger;
    return new HostsUpkeep(database, app.get(HostChecks), logger);
  }
}
