// Whether a person is a member, asked with every request to a tenant: so in one round trip, which is a transaction of its own
// to Postgres, under the same row-level security as any other.
import pg from 'pg';
import type { MemberRole } from './generated/enums.js';
import { settingSql } from './opening.js';

export interface FoundMember {
  readonly id: string;
  readonly tenantId: string;
  readonly role: MemberRole;
}

/** Undefined too where more has to be asked: of a tenant that is suspended or deleted, and where there is an invitation yet. */
export async function memberOf(
  pool: pg.Pool,
  identityId: string,
  tenantSlug: string,
): Promise<FoundMember | undefined> {
  const settings = settingSql({ identity_id: identityId });
  // Two statements sent as one have two results.
  const results: unknown = await pool.query(`${settings};
    SELECT member.id, member.tenant_id AS "tenantId", member.role
    FROM sluice.members member JOIN sluice.tenants tenant ON tenant.id = member.tenant_id
    WHERE member.identity_id = ${pg.escapeLiteral(identityId)} AND member.state = 'active'
      AND tenant.slug = ${pg.escapeLiteral(tenantSlug)} AND tenant.suspended_at IS NULL AND tenant.deleted_at IS NULL`);
  const [, found] = results as [unknown, pg.QueryResult<FoundMember>];
  return found.rows[0];
}
