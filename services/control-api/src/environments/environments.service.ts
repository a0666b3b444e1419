// Environments of a tenant. `production` comes with the tenant and goes with it: its host is the tenant's own.
import { Inject, Injectable } from '@nestjs/common';
import type { Environment, Page } from '@sluice/contracts';
import type { Database, Environment as EnvironmentRow, Tx } from '@sluice/prisma';
import type { Config } from '../config.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { expectMatch } from '../http/etag.js';
import { invalidField, nameTaken, stateConflict } from '../http/refusal.js';
import { tagged, type Tagged } from '../http/tagged.js';
import { servedHosts } from '../hosts/served-hosts.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { documentHash } from '../publish/document-hash.js';
import { draftDocument } from '../publish/draft-document.js';
import { announceIn } from '../publish/environment-changes.js';
import { configToken, databaseToken } from '../tokens.js';
import { createEnvironment } from './create-environment.js';
import { findEnvironment } from './find-environment.js';
import { hostsOf, portalUrlOf, publicUrlOf } from './hosts.js';
import { retireEnvironment } from './retire-environment.js';

@Injectable()
export class EnvironmentsService {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(configToken) private readonly config: Config,
  ) {}

  async list({ tenantId, tenantSlug }: Access, query: PageQuery): Promise<Page<Environment>> {
    const { after, take } = pageRequest(query);
    const rows = await this.database.inTenant(tenantId, async (tx) => {
      const environments = await tx.environment.findMany({
        where: { tenantId, ...(after === undefined ? {} : { id: { gt: after } }) },
        orderBy: { id: 'asc' },
        take,
      });
      const answers: Environment[] = [];
      for (const environment of environments) answers.push(await this.answer(tenantId, tx, tenantSlug, environment));
      return answers;
    });
    return toPage(rows, query, (answer) => answer);
  }

  async create(
    { tenantId, tenantSlug, caller }: Access,
    name: string,
    idempotency: Idempotency | undefined,
  ): Promise<Environment> {
    return createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      idempotency,
      { holdsSecret: false },
      async (tx) => {
        expectHost(tenantSlug, name);
        if ((await tx.environment.findUnique({ where: { tenantId_name: { tenantId, name } } })) !== null)
          throw nameTaken('/name', name);
        return this.answer(tenantId, tx, tenantSlug, await createEnvironment(tenantId, tx, name));
      },
    );
  }

  async read({ tenantId, tenantSlug }: Access, name: string): Promise<Tagged<Environment>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const row = await findEnvironment(tenantId, tx, name);
      return tagged(row, await this.answer(tenantId, tx, tenantSlug, row));
    });
  }

  async rename(
    access: Access,
    name: string,
    newName: string,
    ifMatch: string | undefined,
  ): Promise<Tagged<Environment>> {
    const { tenantId, tenantSlug } = access;
    return this.database.inTenant(tenantId, async (tx) => {
      const found = await findEnvironment(tenantId, tx, name);
      await expectMatch(tx, 'environments', ifMatch, found);
      if (newName === name) return tagged(found, await this.answer(tenantId, tx, tenantSlug, found));
      expectNotProduction(name, 'renamed');
      expectHost(tenantSlug, newName);
      if ((await tx.environment.findUnique({ where: { tenantId_name: { tenantId, name: newName } } })) !== null)
        throw nameTaken('/name', newName);
      const row = await tx.environment.update({
        where: { tenantId_id: { tenantId, id: found.id } },
        data: { name: newName },
      });
      const answer = tagged(row, await this.answer(tenantId, tx, tenantSlug, row));
      await announceIn(tx, this.config, access, row);
      return answer;
    });
  }

  async remove(access: Access, name: string, ifMatch: string | undefined): Promise<void> {
    const { tenantId } = access;
    await this.database.inTenant(tenantId, async (tx) => {
      const found = await findEnvironment(tenantId, tx, name);
      await expectMatch(tx, 'environments', ifMatch, found);
      expectNotProduction(name, 'deleted');
      await retireEnvironment(access, tx, found);
    });
  }

  private async answer(
    tenantId: string,
    tx: Tx,
    tenantSlug: string,
    { id, name, liveRevision: number, createdAt }: EnvironmentRow,
  ): Promise<Environment> {
    const live =
      number === 0
        ? null
        : await tx.revision.findUniqueOrThrow({
            where: { tenantId_environmentId_number: { tenantId, environmentId: id, number } },
            select: { hash: true, createdAt: true },
          });
    const draft = await draftDocument(tenantId, tx, id);
    const isEmpty = [draft.upstreams, draft.apis, draft.plans].every((objects) => Object.keys(objects).length === 0);
    return {
      id,
      name,
      hosts: await servedHosts({ tenantId, tenantSlug }, tx, this.config, { id, name }),
      publicUrl: publicUrlOf(tenantSlug, name, this.config),
      portalUrl: portalUrlOf(tenantSlug, this.config),
      live: live === null ? null : { revision: number, hash: live.hash, publishedAt: live.createdAt.toISOString() },
      hasUnpublishedChanges: live === null ? !isEmpty : documentHash(draft) !== live.hash,
      createdAt: createdAt.toISOString(),
    };
  }
}

// RFC 1035, section 2.3.4: a label has 63 octets at most. RFC 5890, section 2.3.2.1: one that begins with `xn--` stands for another
// script, and would be shown as something else.
function expectHost(tenantSlug: string, name: string): void {
  const [label = ''] = hostsOf(tenantSlug, name, 'x').map((host) => host.split('.', 1)[0] ?? '');
  if (label.length > 63)
    throw invalidField('/name', `the host \`${label}\` would be longer than 63 characters`, 'choose a shorter name');
  if (label.startsWith('xn--'))
    throw invalidField(
      '/name',
      `the host \`${label}\` would be read as a name in another script`,
      'choose another name',
    );
}

function expectNotProduction(name: string, what: string): void {
  if (name === 'production')
    throw stateConflict(
      `\`production\` cannot be ${what}: its host is the tenant's own. Delete the tenant, or work in another environment.`,
    );
}
