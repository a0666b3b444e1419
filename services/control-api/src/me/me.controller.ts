// The person who asks, and where they are a member.
import { Controller, Get, Inject } from '@nestjs/common';
import { meSchema, type Me } from '@sluice/contracts';
import type { Database } from '@sluice/prisma';
import { CallerParam } from '../http/access.js';
import { Endpoint } from '../http/endpoint.js';
import type { Caller } from '../identity/session.js';
import { claimInvitations, withinToken } from '../members/find-membership.js';
import { databaseToken } from '../tokens.js';

@Controller('v1/me')
export class MeController {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  @Get()
  @Endpoint({ summary: 'Who you are, and where you are a member', access: 'person', answer: meSchema })
  async read(@CallerParam() caller: Caller): Promise<Me> {
    const { identityId, email, name, token } = caller;
    const memberships = await this.database.inIdentity(identityId, email, async (tx) => {
      await claimInvitations(tx, caller);
      return tx.member.findMany({
        where: { identityId, state: 'active', ...withinToken(token) },
        orderBy: { tenantId: 'asc' },
        select: { role: true, tenant: { select: { slug: true, title: true, purgeAt: true } } },
      });
    });
    return {
      id: identityId,
      email,
      name,
      memberships: memberships.map(({ role, tenant: { slug, title, purgeAt } }) => ({
        tenant: slug,
        title,
        role,
        purgeAt: purgeAt?.toISOString() ?? null,
      })),
    };
  }
}
