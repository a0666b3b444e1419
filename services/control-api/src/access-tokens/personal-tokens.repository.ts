// The rows of people's access tokens. They lie beside the identities, out of every tenant, so they are read as sluice_auth and
// every statement names whose they are. A token itself is never among them.
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@sluice/contracts';
import type { Pool } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';
import { authPoolToken } from '../tokens.js';
import type { TokenScope } from './token-scope.js';

export interface PersonalTokenRow {
  readonly id: string;
  readonly identityId: string;
  readonly name: string;
  readonly hint: string;
  readonly scope: unknown;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
}

interface UsedToken extends PersonalTokenRow {
  readonly holderEmail: string;
  readonly holderName: string;
}

interface NewToken {
  readonly name: string;
  readonly hash: string;
  readonly hint: string;
  readonly scope: TokenScope;
  readonly expiresAt: Date;
}

const columns = `t.id, t.identity_id AS "identityId", t.name, t.hint, t.scope, t.created_at AS "createdAt",
  t.expires_at AS "expiresAt", t.last_used_at AS "lastUsedAt"`;

@Injectable()
export class PersonalTokensRepository {
  constructor(@Inject(authPoolToken) private readonly pool: Pool) {}

  /** The live token of this hash with its holder, whose address must be proven; its last use is noted, to the minute. */
  async use(hash: string): Promise<UsedToken | undefined> {
    const { rows } = await this.pool.query<UsedToken>(
      `SELECT ${columns}, i.email AS "holderEmail", i.name AS "holderName"
       FROM auth.personal_token t JOIN auth.identity i ON i.id = t.identity_id
       WHERE t.hash = $1 AND t.expires_at > now() AND i.email_verified`,
      [hash],
    );
    const [row] = rows;
    if (row !== undefined && (row.lastUsedAt === null || Date.now() - row.lastUsedAt.getTime() > 60_000))
      await this.pool.query('UPDATE auth.personal_token SET last_used_at = now() WHERE id = $1', [row.id]);
    return row;
  }

  async list(identityId: string, { after, take }: PageRequest): Promise<PersonalTokenRow[]> {
    const { rows } = await this.pool.query<PersonalTokenRow>(
      `SELECT ${columns} FROM auth.personal_token t WHERE t.identity_id = $1 AND t.id > $2 ORDER BY t.id LIMIT $3`,
      [identityId, after ?? '', take],
    );
    return rows;
  }

  async count(identityId: string): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM auth.personal_token WHERE identity_id = $1',
      [identityId],
    );
    return rows[0]?.count ?? 0;
  }

  /** Undefined when the person has one of this name. */
  async create(
    identityId: string,
    { name, hash, hint, scope, expiresAt }: NewToken,
  ): Promise<PersonalTokenRow | undefined> {
    const { rows } = await this.pool.query<PersonalTokenRow>(
      `INSERT INTO auth.personal_token AS t (id, identity_id, name, hash, hint, scope, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (identity_id, name) DO NOTHING RETURNING ${columns}`,
      [newId('personalToken'), identityId, name, hash, hint, JSON.stringify(scope), expiresAt],
    );
    return rows[0];
  }

  /** Whether there was one. */
  async remove(identityId: string, id: string): Promise<boolean> {
    const { rowCount } = await this.pool.query('DELETE FROM auth.personal_token WHERE identity_id = $1 AND id = $2', [
      identityId,
      id,
    ]);
    return (rowCount ?? 0) > 0;
  }
}
