// Reads ClickHouse over its own HTTP protocol, apart from the code that is being tested: what it counts is what is there.

export class ClickHouseObserver {
  readonly #url: string;
  readonly #authorization: string;

  constructor(clickHouseUrl: string) {
    const url = new URL(clickHouseUrl);
    this.#authorization = `Basic ${btoa(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`)}`;
    url.username = '';
    url.password = '';
    url.searchParams.set('database', decodeURIComponent(url.pathname.slice(1)) || 'default');
    url.pathname = '/';
    this.#url = url.href;
  }

  /** Rows of a tenant's requests that have ended, and how many different request ids are among them. */
  async rows(tenantId: string): Promise<{ rows: number; distinct: number }> {
    const [row] = await this.#query(
      `SELECT count() AS rows, uniqExact(id) AS distinct FROM requests WHERE tenant_id = {tenant:String} AND phase != 'begin'`,
      tenantId,
    );
    return { rows: Number(row?.['rows']), distinct: Number(row?.['distinct']) };
  }

  /** Requests of a tenant, by the minute roll-up. */
  async rollup(tenantId: string): Promise<number> {
    const [row] = await this.#query(
      'SELECT sum(requests) AS requests FROM requests_1m WHERE tenant_id = {tenant:String}',
      tenantId,
    );
    return Number(row?.['requests']);
  }

  /** How often each request id of a tenant was stored. */
  async timesStored(tenantId: string): Promise<Map<string, number>> {
    const rows = await this.#query(
      `SELECT toString(id) AS id, count() AS times FROM requests WHERE tenant_id = {tenant:String} AND phase != 'begin' GROUP BY id`,
      tenantId,
    );
    return new Map(rows.map((row) => [`req_${String(row['id']).replaceAll('-', '')}`, Number(row['times'])]));
  }

  /** Runs a statement as it is: for breaking things on purpose. */
  async command(sql: string): Promise<void> {
    await this.#send(sql, {});
  }

  async #query(sql: string, tenant: string): Promise<Record<string, unknown>[]> {
    const text = await this.#send(`${sql} FORMAT JSONEachRow`, { param_tenant: tenant });
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async #send(sql: string, parameters: Record<string, string>): Promise<string> {
    const url = new URL(this.#url);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    const res = await fetch(url, { method: 'POST', body: sql, headers: { authorization: this.#authorization } });
    const text = await res.text();
    if (!res.ok) throw new Error(`ClickHouse answered ${res.status}: ${text.slice(0, 300)}`);
    return text;
  }
}
