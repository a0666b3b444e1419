// Secrets of an environment, by name. A value goes in and never comes out again but to the gateways, which have a new one at
// once, without publishing. One that the draft or the live revision refers to stays.
import { Inject, Injectable } from '@nestjs/common';
import { secretNameSchema, type Page, type Secret, type SecretUser } from '@sluice/contracts';
import type { Database, Environment, Secret as SecretRow, Tx } from '@sluice/prisma';
import type { Config } from '../config.js';
import { findEnvironment } from '../environments/find-environment.js';
import { liveDocument } from '../environments/live-document.js';
import { appendToFeed } from '../fleet/append-to-feed.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { expectMatch } from '../http/etag.js';
import { invalidField, notFound, stateConflict, stillInUse } from '../http/refusal.js';
import { tagged, type Tagged } from '../http/tagged.js';
import { lockEnvironment } from '../publish/lock-environment.js';
import { configToken, databaseToken } from '../tokens.js';
import { expectFitting } from './expect-fitting.js';
import { keyringOf, type Keyring } from './keyring.js';
import { openSecrets, secretUsers } from './referred-secrets.js';
import { secretsRepository } from './secrets.repository.js';

/** Of an environment. Gateways hold them all in memory. */
const mostSecrets = 1000;

@Injectable()
export class SecretsService {
  private readonly keyring: Keyring;

  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(configToken) config: Config,
  ) {
    this.keyring = keyringOf(config);
  }

  async list({ tenantId }: Access, environmentName: string, query: PageQuery): Promise<Page<Secret>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const environment = await findEnvironment(tenantId, tx, environmentName);
      const rows = await secretsRepository.list(tenantId, tx, environment.id, pageRequest(query));
      const users = await secretUsers(tenantId, tx, environment);
      return toPage(rows, query, (row) => answer(row, users.get(row.name)));
    });
  }

  async read({ tenantId }: Access, environmentName: string, name: string): Promise<Tagged<Secret>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const environment = await findEnvironment(tenantId, tx, environmentName);
      const row = await findSecret(tenantId, tx, environment, name);
      return tagged(row, answer(row, (await secretUsers(tenantId, tx, environment)).get(name)));
    });
  }

  async set(
    { tenantId }: Access,
    environmentName: string,
    name: string,
    value: string,
    ifMatch: string | undefined,
  ): Promise<Tagged<Secret>> {
    if (!secretNameSchema.safeParse(name).success)
      throw invalidField(
        '/secret',
        'this is no name of a secret',
        'use 1 to 64 of a-z, 0-9, dot, dash and underscore; begin and end with a letter or digit',
      );
    return this.database.inTenant(tenantId, async (tx) => {
      // Publications wait: what they find is either value, whole.
      const environment = await lockEnvironment(tenantId, tx, environmentName);
      const { id: environmentId, fleetId } = environment;
      const found = await secretsRepository.find(tenantId, tx, environmentId, name);
      if (found === null && ifMatch !== undefined) throw notFound('secret of this name');
      if (found !== null) await expectMatch(tx, 'secrets', ifMatch, found);
      const users = (await secretUsers(tenantId, tx, environment)).get(name) ?? [];
      await this.expectFitting(tenantId, tx, environment, users, { name, value });
      const version = (found?.version ?? 0) + 1;
      const sealed = this.keyring.seal({ tenantId, environmentId, name, version }, value);
      if (found === null && (await secretsRepository.count(tenantId, tx, environmentId)) >= mostSecrets)
        throw stateConflict(`The environment has ${mostSecrets} secrets, which is the most. Delete what nothing uses.`);
      const row =
        found === null
          ? await secretsRepository.create(tenantId, tx, environmentId, name, sealed)
          : await secretsRepository.replace(tenantId, tx, found, sealed);
      await appendToFeed(tx, fleetId, tenantId, environmentId, [{ kind: 'secret', name, version }]);
      return tagged(row, answer(row, users));
    });
  }

  async remove(
    { tenantId }: Access,
    environmentName: string,
    name: string,
    ifMatch: string | undefined,
  ): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      const environment = await lockEnvironment(tenantId, tx, environmentName);
      const row = await findSecret(tenantId, tx, environment, name);
      await expectMatch(tx, 'secrets', ifMatch, row);
      const users = (await secretUsers(tenantId, tx, environment)).get(name) ?? [];
      if (users.length > 0)
        throw stillInUse(
          `The secret "${name}"`,
          users.map(({ object, isInDraft }) => (isInDraft ? object : `${object} of the live revision`)),
        );
      await secretsRepository.remove(tenantId, tx, row.id);
      const gone = { kind: 'secret', name, version: row.version } as const;
      await appendToFeed(tx, environment.fleetId, tenantId, environment.id, [gone]);
    });
  }

  private async expectFitting(
    tenantId: string,
    tx: Tx,
    environment: Environment,
    users: readonly SecretUser[],
    given: { readonly name: string; readonly value: string },
  ): Promise<void> {
    if (!users.some(({ isLive }) => isLive)) return;
    const live = await liveDocument(tenantId, tx, environment);
    if (live === null) return;
    expectFitting(live, users, await openSecrets(tenantId, tx, environment.id, live, this.keyring), given);
  }
}

async function findSecret(tenantId: string, tx: Tx, { id }: Environment, name: string): Promise<SecretRow> {
  const row = await secretsRepository.find(tenantId, tx, id, name);
  if (row === null) throw notFound('secret of this name');
  return row;
}

function answer({ name, version, createdAt, updatedAt }: SecretRow, usedBy: readonly SecretUser[] = []): Secret {
  return {
    name,
    version,
    createdAt: createdAt.toISOString(),
    changedAt: updatedAt.toISOString(),
    usedBy: [...usedBy],
  };
}
