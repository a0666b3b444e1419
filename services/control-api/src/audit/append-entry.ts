// Writes one entry of a tenant's audit log: the last thing that a transaction does, because from here to the commit no other
// change of the tenant can be written down. The number, the time and the link to the entry before are the database's.
import { newId, type AuditContent } from '@sluice/contracts';
import type { Tx } from '@sluice/prisma';
import { digestOf, objectsOf } from './content.js';

export interface NewEntry {
  readonly action: string;
  readonly requestId: string | null;
  readonly content: AuditContent;
}

export async function appendEntry(tx: Tx, tenantId: string, { action, requestId, content }: NewEntry): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO sluice.audit_entries (tenant_id, id, action, request_id, actor_id, objects, content, digest)
    VALUES (${tenantId}, ${newId('auditEntry')}, ${action}, ${requestId}, ${content.actor.id}, ${objectsOf(content)},
      ${JSON.stringify(content)}::jsonb, ${digestOf(content)})`;
}
