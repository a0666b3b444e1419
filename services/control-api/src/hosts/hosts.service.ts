// Hosts of one's own: claimed by anybody, held by whoever proves them first. What another tenant has claimed is never told; that a
// host is held elsewhere is said to those alone who have proven it too.
import { Inject, Injectable } from '@nestjs/common';
import type { HostClaim, Page } from '@sluice/contracts';
import type { Database, HostClaim as ClaimRow, Tx } from '@sluice/prisma';
import type { Config } from '../config.js';
import { findEnvironment } from '../environments/find-environment.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { invalidField, notFound, Refusal, stateConflict } from '../http/refusal.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import type { Attempts, Rule } from '../identity/attempts.js';
import { announceIn } from '../publish/environment-changes.js';
import { lockEnvironment } from '../publish/lock-environment.js';
import { attemptsToken, configToken, databaseToken } from '../tokens.js';
import { graceMs, isHeldIn } from './claim-states.js';
import { HostChecks } from './host-checks.js';
import { readHost, recordNameOf } from './host-name.js';
import { hostsRepository } from './hosts.repository.js';

const mostOfEnvironment = 100;
/** Each may cost us seconds of waiting for somebody's name servers. */
const looksOfTenant: Rule = { kind: 'host-look', most: 20, windowMs: 60_000 };

@Injectable()
export class HostsService {
  constructor(
    @Inject(configToken) private readonly config: Config,
    @Inject(databaseToken) private readonly database: Database,
    @Inject(attemptsToken) private readonly attempts: Attempts,
    @Inject(HostChecks) private readonly checks: HostChecks,
  ) {}

  async list({ tenantId }: Access, environmentName: string, query: PageQuery): Promise<Page<HostClaim>> {
    const rows = await this.database.inTenant(tenantId, async (tx) => {
      const environment = await findEnvironment(tenantId, tx, environmentName);
      return hostsRepository.list(tenantId, tx, environment, pageRequest(query));
    });
    return toPage(rows, query, claimAnswer);
  }

  async read({ tenantId }: Access, environmentName: string, host: string): Promise<HostClaim> {
    return claimAnswer(await this.find(tenantId, environmentName, host));
  }

  async claim(
    { tenantId, caller }: Access,
    environmentName: string,
    text: string,
    idempotency: Idempotency | undefined,
  ): Promise<HostClaim> {
    const name = readHost(text, this.config.fleet.domain);
    if (!name.isGood) throw invalidField('/host', name.message, name.fix);
    const { host } = name;
    const creator = { tenantId, identityId: caller.identityId };
    const made = await createOnce(this.database, creator, idempotency, { holdsSecret: false }, async (tx) => {
      const environment = await lockEnvironment(tenantId, tx, environmentName);
      if ((await hostsRepository.find(tenantId, tx, environment.id, host)) !== null) throw claimedAlready(host);
      if ((await hostsRepository.count(tenantId, tx, environment.id)) >= mostOfEnvironment)
        throw stateConflict(
          `This environment claims ${mostOfEnvironment} hosts, which is the most. Release some, or claim *. before their domain instead.`,
        );
      return claimAnswer(await hostsRepository.create(tenantId, tx, environment, host, new Date()));
    });
    // Where no proof is asked for, there is nothing to wait for.
    if (this.config.hosts.proof === 'dns') return made;
    const held = await this.checks.check({ tenantId, id: made.id }, true);
    return held === null ? made : claimAnswer(held);
  }

  async verify({ tenantId }: Access, environmentName: string, host: string): Promise<HostClaim> {
    const claim = await this.find(tenantId, environmentName, host);
    await this.attempts.take(looksOfTenant, tenantId);
    const checked = await this.checks.check(claim, true);
    if (checked === null) throw noSuchClaim();
    return claimAnswer(checked);
  }

  async release(access: Access, environmentName: string, host: string): Promise<void> {
    const { tenantId } = access;
    await this.database.inTenant(tenantId, async (tx) => {
      const environment = await lockEnvironment(tenantId, tx, environmentName);
      const claim = await this.findIn(tenantId, tx, environment.id, host);
      await hostsRepository.remove(tenantId, tx, claim.id);
      if (isHeldIn(claim.state)) await announceIn(tx, this.config, access, environment);
    });
  }

  private async find(tenantId: string, environmentName: string, host: string): Promise<ClaimRow> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { id } = await findEnvironment(tenantId, tx, environmentName);
      return this.findIn(tenantId, tx, id, host);
    });
  }

  // By any way to write it.
  private async findIn(tenantId: string, tx: Tx, environmentId: string, text: string): Promise<ClaimRow> {
    const name = readHost(text, this.config.fleet.domain);
    const host = name.isGood ? name.host : text;
    const claim = await hostsRepository.find(tenantId, tx, environmentId, host);
    if (claim === null) throw noSuchClaim();
    return claim;
  }
}

function noSuchClaim(): Refusal {
  return notFound('host of this name claimed');
}

function claimedAlready(host: string): Refusal {
  const message = `this environment claims ${host} already`;
  const fix = 'read that claim, and set the record that it names';
  return new Refusal('name_taken', `T${message.slice(1)}: ${fix}.`, [{ pointer: '/host', message, fix }]);
}

function claimAnswer(row: ClaimRow): HostClaim {
  const { id, host, challenge, state, problem, failingSince } = row;
  const lapses = state === 'failing' && failingSince !== null ? new Date(failingSince.getTime() + graceMs) : null;
  return {
    id,
    host,
    state,
    isServed: isHeldIn(state),
    problem: problem as HostClaim['problem'],
    record: { type: 'TXT', name: recordNameOf(host), value: challenge },
    provenAt: row.provenAt?.toISOString() ?? null,
    checkedAt: row.checkedAt?.toISOString() ?? null,
    nextCheckAt: row.nextCheckAt?.toISOString() ?? null,
    lapsesAt: lapses?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
