// A person deletes the account. It takes several transactions, by three roles of the database, in an order in which each step can be
// done again: who is cut off in between still has an account, and asks once more. The account itself goes last; what
// names the person in audit logs is cleared afterwards, by upkeep, and the chains go on to hold.
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@sluice/contracts';
import type { Database, Pool, Tx } from '@sluice/prisma';
import { lockTenantIfThere } from '../deletion/lock-tenant.js';
import { stateConflict } from '../http/refusal.js';
import type { Caller } from '../identity/session.js';
import { membersRepository } from '../members/members.repository.js';
import { endSubscriptions } from '../subscriptions/end-subscriptions.js';
import { authPoolToken, databaseToken } from '../tokens.js';

interface Place {
  readonly tenantId: string;
  readonly id: string;
}

@Injectable()
export class ErasureService {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(authPoolToken) private readonly authPool: Pool,
  ) {}

  async erase(caller: Caller): Promise<void> {
    const { identityId, email } = caller;
    const { members, developers } = await this.placesOf(caller);
    await this.expectNoSoleOwner(members);
    for (const place of developers) await this.endAtPortal(place);
    for (const place of members) await this.leave(place);
    const known = await this.database.inNone((tx) => tx.erasure.count({ where: { finishedAt: null, identityId } }));
    if (known === 0)
      await this.database.inNone((tx) => tx.erasure.create({ data: { id: newId('erasure'), identityId, email } }));
    // Codes that were mailed. Of an address that ends in this one they stay.
    await this.authPool.query(
      "DELETE FROM auth.verification WHERE lower(identifier) = lower($1::text) OR right(lower(identifier), length($1) + 5) = '-otp-' || lower($1)",
      [email],
    );
    // With it go its sessions, its passwords, its second step and its tokens.
    await this.authPool.query('DELETE FROM auth.identity WHERE id = $1', [identityId]);
  }

  private async placesOf({ identityId, email }: Caller) {
    return this.database.inIdentity(identityId, email, async (tx) => ({
      // Invitations to the address among them.
      members: await tx.member.findMany({
        where: { OR: [{ identityId }, { identityId: null, email: email.toLowerCase() }] },
        orderBy: { tenantId: 'asc' },
        select: {
          tenantId: true,
          id: true,
          role: true,
          state: true,
          tenant: { select: { slug: true, purgeAt: true } },
        },
      }),
      developers: await tx.developer.findMany({
        where: { identityId },
        orderBy: { tenantId: 'asc' },
        select: { tenantId: true, id: true },
      }),
    }));
  }

  // A tenant that is deleted already needs nobody any more.
  private async expectNoSoleOwner(
    members: readonly (Place & { role: string; state: string; tenant: { slug: string; purgeAt: Date | null } })[],
  ): Promise<void> {
    const alone: string[] = [];
    for (const { tenantId, id, role, state, tenant } of members) {
      if (role !== 'owner' || state !== 'active' || tenant.purgeAt !== null) continue;
      const owners = await this.database.inTenant(tenantId, (tx) => membersRepository.lockOwners(tenantId, tx));
      if (owners.every((owner) => owner === id)) alone.push(tenant.slug);
    }
    if (alone.length > 0)
      throw stateConflict(
        `You are the only owner of ${alone.join(', ')}. Make somebody else an owner there, or delete the tenant first.`,
      );
  }

  private async leave({ tenantId, id }: Place): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      // A tenant that is restored meanwhile waits, or has been: it keeps an owner, or is asked for a new one.
      const tenant = await lockTenantIfThere(tx, tenantId);
      if (tenant === null) return;
      const member = await membersRepository.find(tenantId, tx, id);
      if (member === null) return;
      const owners = await membersRepository.lockOwners(tenantId, tx);
      const isLast = member.role === 'owner' && member.state === 'active' && owners.every((owner) => owner === id);
      if (isLast && tenant.purgeAt === null)
        throw stateConflict(`You have become the only owner of ${tenant.slug}. Make somebody else an owner there.`);
      await membersRepository.remove(tenantId, tx, id);
    });
  }

  /** Keys that nobody answers for any more are revoked: gateways refuse them at once. */
  private async endAtPortal({ tenantId, id: developerId }: Place): Promise<void> {
    const applications = await this.database.inTenant(tenantId, (tx) =>
      tx.application.findMany({ where: { tenantId, developerId }, orderBy: { id: 'asc' }, select: { id: true } }),
    );
    for (const { id } of applications) await this.database.inTenant(tenantId, (tx) => endApplication(tenantId, tx, id));
    await this.database.inTenant(tenantId, (tx) => tx.developer.deleteMany({ where: { tenantId, id: developerId } }));
  }
}

async function endApplication(tenantId: string, tx: Tx, id: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM sluice.applications WHERE tenant_id = ${tenantId} AND id = ${id} FOR UPDATE`;
  const application = await tx.application.findUnique({
    where: { tenantId_id: { tenantId, id } },
    select: { environmentId: true },
  });
  if (application === null) return;
  const { environmentId } = application;
  const end = async (): Promise<void> => {
    await tx.application.delete({ where: { tenantId_id: { tenantId, id } } });
  };
  const environment = await tx.environment.findUnique({ where: { tenantId_id: { tenantId, id: environmentId } } });
  if (environment !== null) return endSubscriptions(tenantId, tx, environment, { applicationId: id }, end);
  // Of an environment that is deleted: gateways know nothing of it.
  await tx.subscription.deleteMany({ where: { tenantId, environmentId, applicationId: id } });
  await end();
}
