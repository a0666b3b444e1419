// The audit log of a tenant, for reading. A log may be long: export and verify go through it in pieces, each in a transaction
// of its own, and end at what was the newest entry when they began.
import { Inject, Injectable } from '@nestjs/common';
import type {
  AuditBreak,
  AuditContent,
  AuditEntry,
  AuditQuery,
  AuditVerdict,
  AuditVerifyQuery,
  Page,
} from '@sluice/contracts';
import type { AuditEntry as EntryRow, Database } from '@sluice/prisma';
import type { Access } from '../http/access.js';
import { pageRequest, toPage } from '../http/cursor.js';
import { Refusal } from '../http/refusal.js';
import { databaseToken } from '../tokens.js';
import { auditRepository, type AuditRow } from './audit.repository.js';
import { breakOf, chainStart, type Link } from './chain.js';

/** Entries of half a megabyte each, at worst. */
const pieceOf = 100;

/** Whose log it is: a tenant's, or the platform's. */
type Logged = Pick<Access, 'tenantId'>;

@Injectable()
export class AuditService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async search({ tenantId }: Logged, query: AuditQuery): Promise<Page<AuditEntry>> {
    const { after, take } = pageRequest(query);
    const rows = await this.database.inTenant(tenantId, async (tx) => {
      const before = after === undefined ? undefined : await auditRepository.seqOf(tenantId, tx, after);
      if (after !== undefined && before === undefined) throw unknownCursor();
      return auditRepository.search(tenantId, tx, query, before, take);
    });
    return toPage(rows, query, entryAnswer);
  }

  async *export({ tenantId }: Logged): AsyncGenerator<AuditEntry> {
    for await (const row of this.entries(tenantId, await this.head(tenantId))) yield entryAnswer(row);
  }

  async verify({ tenantId }: Logged, known: AuditVerifyQuery): Promise<AuditVerdict> {
    if ((known.seq === undefined) !== (known.hash === undefined)) throw halfAnEntry();
    const head = await this.head(tenantId);
    const walked = { entries: 0, cleared: 0 };
    const broken = (seq: bigint, because: AuditBreak): AuditVerdict => ({
      isIntact: false,
      ...walked,
      head: { seq: Number(head.seq), hash: head.hash },
      firstBreak: { seq: Number(seq), because, detail: explained[because] },
    });
    let before = chainStart;
    for await (const row of this.entries(tenantId, head)) {
      const because = breakOf(row, before);
      if (because !== undefined) return broken(before.seq + 1n, because);
      if (row.seq === BigInt(known.seq ?? 0) && row.hash !== known.hash) return broken(row.seq, 'known_hash_differs');
      walked.entries += 1;
      if (row.content === null) walked.cleared += 1;
      before = row;
    }
    if (before.seq !== head.seq || before.hash !== head.hash || before.seq < BigInt(known.seq ?? 0))
      return broken(before.seq + 1n, 'end_missing');
    const isEmpty = head.seq === chainStart.seq;
    return {
      isIntact: true,
      ...walked,
      head: isEmpty ? null : { seq: Number(head.seq), hash: head.hash },
      firstBreak: null,
    };
  }

  private async head(tenantId: string): Promise<Link> {
    return this.database.inTenant(tenantId, async (tx) => (await auditRepository.head(tenantId, tx)) ?? chainStart);
  }

  private async *entries(tenantId: string, until: Link): AsyncGenerator<AuditRow> {
    let after = chainStart.seq;
    for (;;) {
      const from = after;
      const piece = await this.database.inTenant(tenantId, (tx) =>
        auditRepository.following(tenantId, tx, from, pieceOf),
      );
      for (const row of piece) {
        if (row.seq > until.seq) return;
        yield row;
        after = row.seq;
      }
      if (piece.length < pieceOf) return;
    }
  }
}

const explained: Readonly<Record<AuditBreak, string>> = {
  entry_missing: 'No entry has this number: it was taken out.',
  content_differs: 'What this entry says is not what was written: its digest is another.',
  index_differs: 'This entry would be found under other names than it was written with.',
  previous_differs: 'This entry does not name the hash of the one before.',
  hash_differs: 'The number, time, action or digest of this entry is not what was written: its hash is another.',
  end_missing: 'Entries from this number on were taken out at the end of the log.',
  known_hash_differs: 'This entry has another hash than the one that you noted down: the log was written anew.',
};

function unknownCursor(): Refusal {
  const fix = 'pass nextCursor of the page before, unchanged';
  return new Refusal('invalid_query', `The cursor is not one of this log: ${fix}.`, [
    { pointer: '/cursor', message: 'the cursor is not one of this log', fix },
  ]);
}

function halfAnEntry(): Refusal {
  const fix = 'give both seq and hash of an entry, or neither';
  return new Refusal('invalid_query', `One of seq and hash is missing: ${fix}.`, [
    { pointer: '/seq', message: 'one of seq and hash is missing', fix },
  ]);
}

function entryAnswer({ id, seq, at, action, requestId, content, digest, previous, hash }: EntryRow): AuditEntry {
  return {
    id,
    seq: Number(seq),
    at: at.toISOString(),
    action,
    requestId,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by append-entry.ts alone
    content: content as unknown as AuditContent | null,
    digest,
    previous,
    hash,
  };
}
