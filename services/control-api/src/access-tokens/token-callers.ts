// From a token to who calls. It is looked up by its hash on every request, so that a token revoked anywhere is dead
// everywhere at once. What does not work is told in one way, whatever the reason, and counted by the client's address:
// tokens cannot be guessed, but asking the database about them shall not be free.
import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@sluice/prisma';
import { hashOfKey, prefixOf } from '../credentials/api-key.js';
import { Refusal } from '../http/refusal.js';
import type { Attempts, Rule } from '../identity/attempts.js';
import type { Caller } from '../identity/session.js';
import { attemptsToken, databaseToken } from '../tokens.js';
import { PersonalTokensRepository } from './personal-tokens.repository.js';
import { readScope } from './token-scope.js';

/** Wrong tokens from one address. Those who send a good one from there are never refused. */
const wrongTokens: Rule = { kind: 'wrong-token', most: 100, windowMs: 10 * 60_000 };

@Injectable()
export class TokenCallers {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(attemptsToken) private readonly attempts: Attempts,
    @Inject(PersonalTokensRepository) private readonly personal: PersonalTokensRepository,
  ) {}

  /** Undefined: it does not work. */
  async find(token: string): Promise<Caller | undefined> {
    switch (prefixOf(token)) {
      case 'slp':
        return this.person(hashOfKey(token));
      case 'sls':
        return this.serviceAccount(hashOfKey(token));
      default:
        return undefined;
    }
  }

  /** What is told of a token that does not work; or that there were too many of them. */
  async refusal(client: string): Promise<Refusal> {
    await this.attempts.take(wrongTokens, client);
    return new Refusal(
      'access_token_invalid',
      'This access token does not work: it is mistyped, expired or revoked. Make a new one, and send it whole as "Authorization: Bearer <token>".',
      undefined,
      { 'www-authenticate': 'Bearer error="invalid_token"' },
    );
  }

  private async person(hash: string): Promise<Caller | undefined> {
    const row = await this.personal.use(hash);
    if (row === undefined) return undefined;
    const { id, name, hint, scope, expiresAt, identityId, holderEmail, holderName } = row;
    const token = { kind: 'personal', id, name, hint, scope: readScope(scope), expiresAt } as const;
    return { identityId, email: holderEmail, name: holderName, token };
  }

  private async serviceAccount(hash: string): Promise<Caller | undefined> {
    return this.database.inServiceToken(hash, async (tx, row) => {
      const { tenantId, serviceAccountId, id, name, hint, expiresAt, lastUsedAt } = row;
      const now = new Date();
      if (expiresAt <= now) return undefined;
      const account = await tx.serviceAccount.findUniqueOrThrow({
        where: { tenantId_id: { tenantId, id: serviceAccountId } },
        include: { tenant: { select: { slug: true, suspendedAt: true, purgeAt: true } } },
      });
      // To the minute, so that a busy program does not write with every request.
      if (lastUsedAt === null || now.getTime() - lastUsedAt.getTime() > 60_000)
        await tx.serviceToken.updateMany({ where: { tenantId, id }, data: { lastUsedAt: now } });
      const token = { kind: 'service', id, name, hint, scope: readScope(row.scope), expiresAt } as const;
      return {
        identityId: account.id,
        email: `service account ${account.name}`,
        name: account.name,
        token,
        serviceAccount: {
          tenantId,
          tenantSlug: account.tenant.slug,
          role: account.role,
          isSuspended: account.tenant.suspendedAt !== null,
          purgeAt: account.tenant.purgeAt,
        },
      };
    });
  }
}
