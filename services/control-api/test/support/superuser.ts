// The database as its owner sees it: every row of every table, and what only an attacker with the server in hand could do.
import pg from 'pg';

export interface Superuser {
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** With triggers and foreign keys off: what somebody does who wants to leave no trace. */
  tamper(sql: string, values?: unknown[]): Promise<void>;
  /** Every row of every table that is not Postgres's own, by `schema.table`. */
  dump(): Promise<ReadonlyMap<string, readonly Record<string, unknown>[]>>;
  end(): Promise<void>;
}

export async function connectSuperuser(url: string): Promise<Superuser> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const query = async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    (await client.query<Row>(sql, values)).rows;
  return {
    query,
    async tamper(sql, values) {
      await client.query("SET session_replication_role = 'replica'");
      try {
        await client.query(sql, values);
      } finally {
        await client.query("SET session_replication_role = 'origin'");
      }
    },
    async dump() {
      const tables = await query<{ name: string }>(`
        SELECT format('%I.%I', space.nspname, class.relname) AS name
        FROM pg_class class JOIN pg_namespace space ON space.oid = class.relnamespace
        WHERE class.relkind IN ('r', 'p', 'm') AND space.nspname !~ '^(pg_|information_schema$)' ORDER BY 1`);
      const rows = new Map<string, readonly Record<string, unknown>[]>();
      for (const { name } of tables)
        rows.set(
          name,
          (await query<{ row: Record<string, unknown> }>(`SELECT to_jsonb(own) AS row FROM ${name} own`)).map(
            ({ row }) => row,
          ),
        );
      return rows;
    },
    end: () => client.end(),
  };
}
