// The end of a tenant: deleted by its owner or the operator, it is off every gateway at once and can only be read; for the days of
// grace it can be restored as it was. What comes after is the purge's.
import { Inject, Injectable } from '@nestjs/common';
import type { Page, Purge, Tenant } from '@sluice/contracts';
import { purgeDoneSchema } from '@sluice/contracts';
import type { Database, Purge as PurgeRow, Tenant as TenantRow, Tx } from '@sluice/prisma';
import type { Config } from '../config.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { expectMatch } from '../http/etag.js';
import { invalidField, invalidQuery, stateConflict } from '../http/refusal.js';
import { tagged, type Tagged } from '../http/tagged.js';
import { invitationLetter } from '../mail/letters.js';
import type { Mail, Mailer } from '../mail/mailer.js';
import { membersRepository } from '../members/members.repository.js';
import { announceTenant } from '../publish/environment-changes.js';
import { tenantAnswer } from '../tenants/tenant-answer.js';
import { configToken, databaseToken, mailerToken } from '../tokens.js';
import { lockTenant } from './lock-tenant.js';

const dayMs = 86_400_000;

interface Confirmation {
  readonly slug: string;
  /** What was typed. */
  readonly confirm: string;
}

interface RestoringOperator {
  readonly email: string;
  /** The address of who is to own the tenant, where nobody does any more. */
  readonly owner: string | undefined;
}

@Injectable()
export class DeletionService {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(configToken) private readonly config: Config,
    @Inject(mailerToken) private readonly mailer: Mailer,
  ) {}

  async remove(tenantId: string, { slug, confirm }: Confirmation, ifMatch?: string): Promise<Tagged<Tenant>> {
    return this.database.inTenant(tenantId, async (tx) => {
      await expectMatch(tx, 'tenants', ifMatch, { id: tenantId });
      if (confirm !== slug)
        throw invalidQuery('/confirm', `this deletes the tenant ${slug}`, `type its slug, ${slug}, if you mean it`);
      const before = await lockTenant(tx, tenantId);
      if (before.deletedAt !== null) throw stateConflict('This tenant is deleted already. It can be restored.');
      const deletedAt = new Date();
      const purgeAt = new Date(deletedAt.getTime() + this.config.deletion.graceDays * dayMs);
      const row = await tx.tenant.update({ where: { id: tenantId }, data: { deletedAt, purgeAt } });
      await announceTenant(tx, this.config, row);
      return tagged(row, tenantAnswer(row));
    });
  }

  /** @param operator who does it, where it is not an owner. */
  async restore(tenantId: string, operator?: RestoringOperator): Promise<Tagged<Tenant>> {
    const { answer, letter } = await this.database.inTenant(tenantId, async (tx) => {
      const before = await lockTenant(tx, tenantId);
      if (before.purgeAt === null) throw stateConflict('This tenant is not deleted: there is nothing to restore.');
      if (before.purgeAt.getTime() <= Date.now())
        throw stateConflict('The days in which this tenant could be restored are over: it is being purged.');
      const invitation = operator === undefined ? undefined : await this.ensureOwner(tx, before, operator);
      const row = await tx.tenant.update({ where: { id: tenantId }, data: { deletedAt: null, purgeAt: null } });
      await announceTenant(tx, this.config, row);
      return { answer: tagged(row, tenantAnswer(row)), letter: invitation };
    });
    if (letter !== undefined) this.mailer.send(letter);
    return answer;
  }

  async purges(query: PageQuery): Promise<Page<Purge>> {
    const { after, take } = pageRequest(query);
    const rows = await this.database.inNone(async (tx) =>
      tx.purge.findMany({ where: after === undefined ? {} : { id: { gt: after } }, orderBy: { id: 'asc' }, take }),
    );
    return toPage(rows, query, purgeAnswer);
  }

  // The last owner may have deleted the account since, and none but an owner makes an owner.
  private async ensureOwner(
    tx: Tx,
    { id: tenantId, title }: TenantRow,
    { email, owner }: RestoringOperator,
  ): Promise<Mail | undefined> {
    const isOwned = (await tx.member.count({ where: { tenantId, role: 'owner', state: 'active' } })) > 0;
    if (isOwned && owner !== undefined)
      throw invalidField('/owner', 'this tenant has an owner', 'leave it out: owners make owners themselves');
    if (isOwned) return undefined;
    if (owner === undefined)
      throw invalidField('/owner', 'nobody owns this tenant any more', 'name the address of who is to own it');
    const member = await membersRepository.findByEmail(tenantId, tx, owner);
    if (member !== null) {
      await membersRepository.setRole(tenantId, tx, member.id, 'owner');
      return undefined;
    }
    const invited = { identityId: null, email: owner, name: null, role: 'owner', state: 'invited' } as const;
    await membersRepository.create(tenantId, tx, invited);
    const consoleUrl = new URL(this.config.web.consoleUrl).origin;
    return invitationLetter({ to: owner, tenantTitle: title, inviter: email, role: 'owner', consoleUrl });
  }
}

function purgeAnswer(row: PurgeRow): Purge {
  const { id, ofTenant, ofEnvironment, slug, name, deletedAt, startedAt, finishedAt, done } = row;
  return {
    id,
    tenantId: ofTenant,
    environmentId: ofEnvironment,
    slug,
    name,
    deletedAt: deletedAt.toISOString(),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    done: purgeDoneSchema.parse(done),
  };
}
