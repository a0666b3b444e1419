// The secrets that a document refers to, against those that its environment has.
import type { Document, SecretUser } from '@sluice/contracts';
import { secretsIn, type Secrets } from '@sluice/engine';
import type { Environment, Tx } from '@sluice/prisma';
import { liveDocument } from '../environments/live-document.js';
import { draftDocument } from '../publish/draft-document.js';
import type { Keyring } from './keyring.js';
import { secretsRepository } from './secrets.repository.js';

/** Their values, by name. One that does not open is missing. */
export async function openSecrets(
  tenantId: string,
  tx: Tx,
  environmentId: string,
  document: Document,
  keyring: Keyring,
): Promise<Secrets> {
  const rows = await secretsRepository.named(tenantId, tx, environmentId, namesIn(document));
  return new Map(
    rows.flatMap((row): [string, string][] => {
      const value = keyring.open(row, row);
      return value === undefined ? [] : [[row.name, value]];
    }),
  );
}

/** Names that nothing is set for. */
export async function missingSecrets(
  tenantId: string,
  tx: Tx,
  environmentId: string,
  document: Document,
): Promise<string[]> {
  const names = namesIn(document);
  const rows = await secretsRepository.named(tenantId, tx, environmentId, names);
  const known = new Set(rows.map(({ name }) => name));
  return names.filter((name) => !known.has(name));
}

/** By name: what refers to it, in the draft and in what gateways serve. */
export async function secretUsers(
  tenantId: string,
  tx: Tx,
  environment: Environment,
): Promise<Map<string, SecretUser[]>> {
  const users = new Map<string, Map<string, SecretUser>>();
  const note = (document: Document, where: 'isInDraft' | 'isLive'): void => {
    for (const { name, object } of secretsIn(document)) {
      const own = users.get(name) ?? new Map<string, SecretUser>();
      users.set(
        name,
        own.set(object, { ...(own.get(object) ?? { object, isInDraft: false, isLive: false }), [where]: true }),
      );
    }
  };
  note(await draftDocument(tenantId, tx, environment.id), 'isInDraft');
  const live = await liveDocument(tenantId, tx, environment);
  if (live !== null) note(live, 'isLive');
  return new Map(
    [...users].map(([name, own]) => [
      name,
      [...own.values()].toSorted((left, right) => (left.object < right.object ? -1 : 1)),
    ]),
  );
}

function namesIn(document: Document): string[] {
  return [...new Set(secretsIn(document).map(({ name }) => name))].toSorted();
}
