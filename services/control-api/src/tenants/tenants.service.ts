// Tenants: made by anybody who has signed in, together with their first environment and their owner.
import { Inject, Injectable } from '@nestjs/common';
import { newId, type Page, type Tenant, type TenantCreate } from '@sluice/contracts';
import type { Database, Tx } from '@sluice/prisma';
import { createEnvironment } from '../environments/create-environment.js';
import type { Access } from '../http/access.js';
import { toPage, type PageQuery, pageRequest } from '../http/cursor.js';
import { expectMatch } from '../http/etag.js';
import { nameTaken, notFound } from '../http/refusal.js';
import { tagged, type Tagged } from '../http/tagged.js';
import { createOnce, earlierAnswer } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import type { Caller } from '../identity/session.js';
import { claimInvitations, withinToken } from '../members/find-membership.js';
import { membersRepository } from '../members/members.repository.js';
import { databaseToken } from '../tokens.js';
import { tenantAnswer } from './tenant-answer.js';
import { tenantsRepository } from './tenants.repository.js';

@Injectable()
export class TenantsService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async list(caller: Caller, query: PageQuery): Promise<Page<Tenant>> {
    const { after, take } = pageRequest(query);
    const rows = await this.database.inIdentity(caller.identityId, caller.email, async (tx) => {
      await claimInvitations(tx, caller);
      const memberships = await tx.member.findMany({
        where: {
          identityId: caller.identityId,
          state: 'active',
          ...withinToken(caller.token),
          ...(after === undefined ? {} : { tenantId: { gt: after } }),
        },
        orderBy: { tenantId: 'asc' },
        take,
        select: { tenant: true },
      });
      return memberships.map(({ tenant }) => tenant);
    });
    return toPage(rows, query, tenantAnswer);
  }

  async create(caller: Caller, body: TenantCreate, idempotency: Idempotency | undefined): Promise<Tenant> {
    const earlier = await this.createdBefore(caller, body.slug, idempotency);
    if (earlier !== undefined) return earlier;
    const tenantId = newId('tenant');
    return createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      undefined,
      { holdsSecret: false },
      async (tx) => {
        await expectNotPurged(tx, body.slug);
        const tenant = await tenantsRepository.create(tenantId, tx, body);
        await membersRepository.create(tenantId, tx, {
          identityId: caller.identityId,
          email: caller.email,
          name: caller.name,
          role: 'owner',
          state: 'active',
        });
        await createEnvironment(tenantId, tx, 'production');
        const answer = tenantAnswer(tenant);
        if (idempotency !== undefined) {
          await tx.idempotentCreation.create({
            data: { tenantId, identityId: caller.identityId, ...idempotency, answer },
          });
        }
        return answer;
      },
    ).catch(async (error: unknown) => {
      // Twice at once: the other request won the slug, and may be this one's twin.
      const twin = isUniqueViolation(error) ? await this.createdBefore(caller, body.slug, idempotency) : undefined;
      if (twin !== undefined) return twin;
      if (isUniqueViolation(error)) throw nameTaken('/slug', body.slug);
      throw error;
    });
  }

  async read({ tenantId }: Access): Promise<Tagged<Tenant>> {
    const row = await this.database.inTenant(tenantId, async (tx) => tenantsRepository.find(tenantId, tx));
    if (row === null) throw notFound('tenant of this name');
    return tagged(row, tenantAnswer(row));
  }

  async rename({ tenantId }: Access, title: string, ifMatch: string | undefined): Promise<Tagged<Tenant>> {
    return this.database.inTenant(tenantId, async (tx) => {
      await this.expectTenant(tenantId, tx, ifMatch);
      const row = await tenantsRepository.rename(tenantId, tx, title);
      return tagged(row, tenantAnswer(row));
    });
  }

  private async expectTenant(tenantId: string, tx: Tx, ifMatch: string | undefined): Promise<void> {
    const row = await tenantsRepository.find(tenantId, tx);
    if (row === null) throw notFound('tenant of this name');
    await expectMatch(tx, 'tenants', ifMatch, row);
  }

  // A tenant's key is kept with the tenant, which a retry can only find by its slug among the caller's own.
  private async createdBefore(
    caller: Caller,
    slug: string,
    idempotency: Idempotency | undefined,
  ): Promise<Tenant | undefined> {
    if (idempotency === undefined) return undefined;
    const own = await this.database.inIdentity(caller.identityId, caller.email, async (tx) =>
      tx.member.findFirst({
        where: { identityId: caller.identityId, state: 'active', tenant: { slug } },
        select: { tenantId: true },
      }),
    );
    if (own === null) return undefined;
    const creator = { tenantId: own.tenantId, identityId: caller.identityId };
    return this.database.inTenant(own.tenantId, async (tx) => {
      const known = await tx.idempotentCreation.findUnique({
        where: { tenantId_identityId_key: { ...creator, key: idempotency.key } },
      });
      return known === null ? undefined : ((await earlierAnswer(tx, creator, idempotency)) as Tenant);
    });
  }
}

/** For that long programs may still send keys to the hosts of a tenant that is gone: nobody else gets them. */
const reservedMs = 365 * 86_400_000;

// Until the purge has ended the tenant's own row keeps the slug.
async function expectNotPurged(tx: Tx, slug: string): Promise<void> {
  const since = new Date(Date.now() - reservedMs);
  const purged = await tx.purge.findFirst({ where: { slug, ofEnvironment: null, finishedAt: { gt: since } } });
  if (purged !== null) throw nameTaken('/slug', slug);
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'P2002';
}
