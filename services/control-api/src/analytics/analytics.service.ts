// The numbers of one environment, from ClickHouse. Whose they are is decided in Postgres, before ClickHouse is asked; when
// that cannot answer, this says so and nothing is guessed.
import { Inject, Injectable } from '@nestjs/common';
import {
  queryArmTraffic,
  queryLastUses,
  queryRequestById,
  queryRequestList,
  queryTimeseries,
  queryUsage,
  parseRequestCursor,
  type ClickHouseClient,
  type Scope,
  type TrafficFilter,
} from '@sluice/clickhouse';
import {
  idSchema,
  type ArmTraffic,
  type Credential,
  type Page,
  type RequestEntry,
  type Timeseries,
  type Usage,
} from '@sluice/contracts';
import { recordedSentenceOf } from '@sluice/engine';
import type { Database } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import { findEnvironment } from '../environments/find-environment.js';
import type { Access } from '../http/access.js';
import { Refusal } from '../http/refusal.js';
import { clickhouseToken, databaseToken, loggerToken } from '../tokens.js';
import { scopeOf, type Range } from './range.js';

interface RequestFilter extends TrafficFilter {
  readonly status?: number | undefined;
  readonly application?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const lastUseMs = 1_000;

@Injectable()
export class AnalyticsService {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(clickhouseToken) private readonly clickhouse: ClickHouseClient,
    @Inject(loggerToken) private readonly logger: Logger,
  ) {}

  async timeseries(
    access: Access,
    environment: string,
    { from, to, ...filter }: Range & TrafficFilter,
  ): Promise<Timeseries> {
    const scope = await this.scope(access, environment, { from, to });
    return this.ask(async () => queryTimeseries(this.clickhouse, { ...scope, ...filter }));
  }

  async arms(access: Access, environment: string, { from, to, ...filter }: Range & TrafficFilter): Promise<ArmTraffic> {
    const scope = await this.scope(access, environment, { from, to });
    return this.ask(async () => queryArmTraffic(this.clickhouse, { ...scope, ...filter }));
  }

  async usage(access: Access, environment: string, range: Partial<Range>): Promise<Usage> {
    const scope = await this.scope(access, environment, range);
    return this.ask(async () => queryUsage(this.clickhouse, scope));
  }

  /** One application's usage; the caller has made sure that it is theirs. */
  async applicationUsage(
    tenantId: string,
    environmentId: string,
    applicationId: string,
    range: Partial<Range>,
  ): Promise<Usage> {
    const scope = scopeOf(tenantId, environmentId, range);
    return this.ask(async () => queryUsage(this.clickhouse, { ...scope, applicationId }));
  }

  async requests(
    access: Access,
    environment: string,
    { from, to, cursor, ...filter }: Range & RequestFilter,
  ): Promise<Page<RequestEntry>> {
    const after = cursor === undefined ? undefined : parseRequestCursor(cursor);
    if (cursor !== undefined && after === undefined) {
      const fix = 'pass nextCursor of the page before, unchanged';
      throw new Refusal('invalid_query', `The cursor is not one of ours: ${fix}.`, [
        { pointer: '/cursor', message: 'the cursor is not one of ours', fix },
      ]);
    }
    const scope = await this.scope(access, environment, { from, to });
    const page = await this.ask(async () => queryRequestList(this.clickhouse, { ...scope, ...filter, after }));
    return { ...page, items: page.items.map(inWords) };
  }

  async request(access: Access, environment: string, requestId: string): Promise<RequestEntry> {
    const scope = await this.scope(access, environment, {});
    const found = idSchema('request').safeParse(requestId).success
      ? await this.ask(async () => queryRequestById(this.clickhouse, { ...scope, requestId }))
      : undefined;
    if (found === undefined)
      throw new Refusal(
        'not_found',
        'There is no record of a request with this id here that you may read. Records arrive some seconds after the answer: try again, and check the id.',
      );
    return inWords(found);
  }

  /** With when each was last used; without, when that cannot be told soon: a list of keys does not wait for its numbers. */
  async withLastUse(tenantId: string, environmentId: string, credentials: Credential[]): Promise<Credential[]> {
    if (credentials.length === 0) return credentials;
    const ids = credentials.map(({ id }) => id);
    const uses = await this.ask(async () =>
      queryLastUses(this.clickhouse, { tenantId, environmentId }, ids, AbortSignal.timeout(lastUseMs)),
    ).catch(() => undefined);
    if (uses === undefined) return credentials;
    return credentials.map((credential) => ({ ...credential, lastUsedAt: uses.get(credential.id) ?? null }));
  }

  private async scope({ tenantId }: Access, environmentName: string, range: Partial<Range>): Promise<Scope> {
    const { id } = await this.database.inTenant(tenantId, async (tx) => findEnvironment(tenantId, tx, environmentName));
    return scopeOf(tenantId, id, range);
  }

  private async ask<T>(query: () => Promise<T>): Promise<T> {
    try {
      return await query();
    } catch (error) {
      const type = error instanceof Error ? error.name : typeof error;
      this.logger.warn(
        { type, code: error instanceof Error && 'code' in error ? error.code : undefined },
        'ClickHouse did not answer a query',
      );
      throw new Refusal(
        'analytics_unavailable',
        'The numbers cannot be read now; the gateways go on serving. Try again in a moment.',
        undefined,
        { 'retry-after': '5' },
      );
    }
  }
}

/** Its reasons with their sentences. One of a newer gateway has none, and keeps its code and data. */
function inWords(request: RequestEntry): RequestEntry {
  const reasons = request.reasons.map((reason) => {
    const sentence = recordedSentenceOf(reason);
    return sentence === undefined ? reason : Object.assign({}, reason, { sentence });
  });
  return { ...request, reasons };
}
