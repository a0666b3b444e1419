// Events of accounts that are still to be told to tenants. A row says how far it got; processes take different rows, a row at a time,
// some tenants of it, then the row that waited longest: nobody's many tenants hold up those of others.
import { uuidv7Hex, type AuditActor, type AuditContent } from '@sluice/contracts';
import type { Pool } from '@sluice/prisma';

export interface QueuedEvent {
  readonly identityId: string;
  readonly action: string;
  readonly requestId: string;
  /** Null: the person. */
  readonly actor: AuditActor | null;
  readonly from: AuditContent['from'];
  readonly after: Record<string, string> | null;
  /** The last tenant that was told. */
  readonly afterTenantId: string;
}

export class IdentityEventQueue {
  private working: Promise<void> | undefined;
  private isClosed = false;

  /** @param tellNext tells some tenants; answers the last of them, or undefined when all have been told. */
  constructor(
    private readonly pool: Pool,
    private readonly tellNext: (event: QueuedEvent) => Promise<string | undefined>,
    private readonly onError: (error: unknown) => void,
  ) {}

  async put({ identityId, action, requestId, actor, from, after, afterTenantId }: QueuedEvent): Promise<void> {
    await this.pool.query(
      `INSERT INTO auth.identity_event (id, identity_id, action, request_id, content, after_tenant_id)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [uuidv7Hex(), identityId, action, requestId, JSON.stringify({ actor, from, after }), afterTenantId],
    );
  }

  /** Not waited for. Does nothing while it is at it already. */
  work(): void {
    if (this.isClosed) return;
    this.working ??= this.workOff()
      .catch(this.onError)
      .finally(() => {
        this.working = undefined;
      });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.working;
  }

  private async workOff(): Promise<void> {
    while (!this.isClosed && (await this.step()));
  }

  /** False: there is none that nobody else is at. One that fails waits behind the others. */
  private async step(): Promise<boolean> {
    const client = await this.pool.connect();
    let id: string | undefined;
    try {
      await client.query('BEGIN');
      const { rows } = await client.query<QueuedEvent & { readonly id: string; readonly content: Content }>(
        `SELECT id, identity_id AS "identityId", action, request_id AS "requestId", content, after_tenant_id AS "afterTenantId"
         FROM auth.identity_event ORDER BY waits_since LIMIT 1 FOR UPDATE SKIP LOCKED`,
      );
      const [row] = rows;
      id = row?.id;
      if (row !== undefined) {
        const last = await this.tellNext({ ...row, ...row.content });
        if (last === undefined) await client.query('DELETE FROM auth.identity_event WHERE id = $1', [row.id]);
        else
          await client.query(
            'UPDATE auth.identity_event SET after_tenant_id = $2, waits_since = clock_timestamp() WHERE id = $1',
            [row.id, last],
          );
      }
      await client.query('COMMIT');
      return row !== undefined;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      await client
        .query('UPDATE auth.identity_event SET waits_since = now() WHERE id = $1', [id])
        .catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }
}

type Content = Pick<QueuedEvent, 'actor' | 'from' | 'after'>;
