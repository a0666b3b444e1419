// What the feed says of secrets, with their values: they are put in, opened, while a gateway is answered. The feed's own rows
// have names alone, so that no value lies there, and sealing anew changes one table.
import type { FeedEntry } from '@sluice/contracts';
import type { Pool } from '@sluice/prisma';
import type { Keyring } from './keyring.js';

interface Row {
  readonly tenant_id: string;
  readonly environment_id: string;
  readonly name: string;
  readonly version: number;
  readonly sealed: Buffer;
  readonly key_id: string;
}

/** The newest value, whichever version an entry speaks of: an entry of that one is on its way too. */
export async function withValues(
  queryable: Pick<Pool, 'query'>,
  keyring: Keyring,
  entries: FeedEntry[],
): Promise<FeedEntry[]> {
  const named = entries.flatMap(({ tenantId, environmentId, change }) =>
    change.kind === 'secret' ? [{ tenantId, environmentId, name: change.name }] : [],
  );
  if (named.length === 0) return entries;
  const { rows } = await queryable.query<Row>(
    `SELECT tenant_id, environment_id, name, version, sealed, key_id FROM sluice.secrets
      WHERE (tenant_id, environment_id, name) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))`,
    [
      named.map(({ tenantId }) => tenantId),
      named.map(({ environmentId }) => environmentId),
      named.map(({ name }) => name),
    ],
  );
  const opened = new Map(
    rows.map(({ tenant_id: tenantId, environment_id: environmentId, name, version, sealed, key_id: keyId }) => [
      `${tenantId} ${environmentId} ${name}`,
      { version, value: keyring.open({ tenantId, environmentId, name, version }, { keyId, sealed }) ?? null },
    ]),
  );
  return entries.map((entry) => {
    const { tenantId, environmentId, change } = entry;
    if (change.kind !== 'secret') return entry;
    const known = opened.get(`${tenantId} ${environmentId} ${change.name}`) ?? { version: change.version, value: null };
    return { ...entry, change: { ...change, ...known } };
  });
}
