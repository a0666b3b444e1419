// Row-level security protects nobody from a role that stands above it. A control plane that was given such a role must not
// start: every policy would pass unseen.
import pg from 'pg';

/** Why the role of `url` must not be used for tenants' data, in words for the operator; empty when it is safe. */
export async function unsafeRoleReasons(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; is_super: boolean; bypasses: boolean; owned: string[] }>(`
      SELECT role.rolname AS name, role.rolsuper AS is_super, role.rolbypassrls AS bypasses,
        ARRAY(
          SELECT format('%I.%I', space.nspname, class.relname)
          FROM pg_class class JOIN pg_namespace space ON space.oid = class.relnamespace
          WHERE class.relkind IN ('r', 'p') AND space.nspname IN ('sluice', 'auth') AND pg_has_role(role.oid, class.relowner, 'MEMBER')
          ORDER BY 1
        ) AS owned
      FROM pg_roles role WHERE role.rolname = current_user`);
    const [role] = rows;
    if (role === undefined) throw new Error('Postgres does not know the role that connected');
    return [
      role.is_super && `${role.name} is a superuser`,
      role.bypasses && `${role.name} may bypass row-level security`,
      role.owned.length > 0 && `${role.name} owns, or may act as the owner of, ${shorten(role.owned)}`,
    ].filter((reason) => reason !== false);
  } finally {
    await client.end();
  }
}

function shorten(tables: readonly string[]): string {
  return tables.slice(0, 3).join(', ') + (tables.length > 3 ? ', ...' : '');
}

/** Ends the process with 78 (a wrong configuration) and one line for each reason, when the role is not safe. */
export async function assertSafeRole(url: string, variable = 'DATABASE_URL'): Promise<void> {
  const reasons = await unsafeRoleReasons(url);
  if (reasons.length === 0) return;
  for (const reason of reasons) process.stderr.write(`${variable}: ${reason}; use the role sluice_app\n`);
  process.exit(78);
}
