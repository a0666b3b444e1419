// Decides a request that was never sent: by the gateways' own function, with facts from Postgres, budgets from Redis, and
// assumptions for the rest. Nothing is sent, and nothing is taken from any limit.
import { Inject, Injectable } from '@nestjs/common';
import { newId, type ExplainBody, type ExplanationOfRequest } from '@sluice/contracts';
import type { PortalExplainBody, PortalExplanation } from '@sluice/contracts';
import { compile, decide, withAssumed, type CompileResult, type DecideRequest, type Decision } from '@sluice/engine';
import type { Database, Environment, Tx } from '@sluice/prisma';
import type { Config } from '../config.js';
import { developersRepository } from '../developers/developers.repository.js';
import { findEnvironment } from '../environments/find-environment.js';
import { servedHosts } from '../hosts/served-hosts.js';
import type { Access } from '../http/access.js';
import { notFound } from '../http/refusal.js';
import type { Caller } from '../identity/session.js';
import { platformBoundsIn } from '../publish/platform-bounds.js';
import { environmentChange, type TenantName } from '../publish/environment-changes.js';
import { configToken, databaseToken, limitBudgetsToken } from '../tokens.js';
import { assumedKey, ExplainFacts } from './explain-facts.js';
import {
  credentialById,
  documentOf,
  findWanted,
  liveRevisionId,
  newestCredential,
  weightsOf,
  type Scope,
} from './explain-lookups.js';
import { consumerExplanation, memberExplanation } from './explanations.js';
import { KeptResults } from './kept-results.js';
import type { LimitBudgets } from './limit-budgets.js';
import { requestedBy, someAddress } from './requested.js';

interface Prepared {
  readonly result: CompileResult;
  readonly facts: ExplainFacts;
  readonly scope: Scope;
  readonly hasKey: boolean;
  readonly revision: number;
}

interface Asked extends Omit<ExplainBody, 'credential'> {
  /** `newest`: of the application, if it has one. */
  readonly credential?: string | undefined;
  readonly isNewest: boolean;
}

// A credential, its subscription, and limits of several stages: each round finds at least one thing.
const mostRounds = 12;

@Injectable()
export class ExplainService {
  private readonly live = new KeptResults();

  constructor(
    @Inject(configToken) private readonly config: Config,
    @Inject(databaseToken) private readonly database: Database,
    @Inject(limitBudgetsToken) private readonly budgets: LimitBudgets,
  ) {}

  async explain(access: Access, environmentName: string, body: ExplainBody): Promise<ExplanationOfRequest> {
    const now = body.at === undefined ? Date.now() : Date.parse(body.at);
    const prepared = await this.database.inTenant(access.tenantId, async (tx) => {
      const environment = await findEnvironment(access.tenantId, tx, environmentName);
      return this.prepare(access, tx, environment, { ...body, isNewest: false }, undefined);
    });
    const decision = await this.decided(access.tenantId, prepared, body, now);
    return memberExplanation(decision, {
      on: body.on,
      revision: prepared.revision,
      at: new Date(now).toISOString(),
      facts: prepared.facts,
      refusals: prepared.result.refusals,
    });
  }

  /** Of production, by the person's own application. */
  async explainOwn(
    tenantSlug: string,
    caller: Caller,
    applicationId: string,
    body: PortalExplainBody,
  ): Promise<PortalExplanation> {
    const found = await this.database.inSlug(tenantSlug, async (tx, { id: tenantId }) => {
      const environment = await findEnvironment(tenantId, tx, 'production');
      const developer = await developersRepository.ofIdentity(tenantId, tx, caller.identityId);
      const application =
        developer === null
          ? null
          : await tx.application.findUnique({
              where: {
                tenantId_id: { tenantId, id: applicationId },
                developerId: developer.id,
                environmentId: environment.id,
              },
              select: { id: true },
            });
      if (application === null) throw notFound('application of yours with this id');
      const asked: Asked = { ...body, on: 'live', isNewest: body.credential === undefined };
      return {
        tenantId,
        prepared: await this.prepare({ tenantId, tenantSlug }, tx, environment, asked, application.id),
      };
    });
    if (found === undefined) throw notFound('portal of this name');
    const decision = await this.decided(found.tenantId, found.prepared, { ...body, on: 'live' }, Date.now());
    return consumerExplanation(decision, found.prepared.facts);
  }

  private async prepare(
    tenant: TenantName,
    tx: Tx,
    environment: Environment,
    { on, credential, isNewest, claims, forwardAuth }: Asked,
    applicationId: string | undefined,
  ): Promise<Prepared> {
    const { tenantId } = tenant;
    const { id: environmentId, liveRevision } = environment;
    const scope: Scope = { environmentId, applicationId };
    const assumed =
      credential === undefined
        ? isNewest
          ? await newestCredential(tenantId, tx, scope)
          : undefined
        : await credentialById(tenantId, tx, scope, credential);
    return {
      result: await this.compiled(tenant, tx, environment, on),
      facts: new ExplainFacts(await weightsOf(tenantId, tx, environmentId), {
        credential: assumed,
        hasClaims: claims !== undefined,
        forwardAuth,
      }),
      scope,
      hasKey: assumed !== undefined,
      revision: liveRevision,
    };
  }

  private async compiled(
    tenant: TenantName,
    tx: Tx,
    environment: Environment,
    on: 'live' | 'draft',
  ): Promise<CompileResult> {
    const { tenantId, tenantSlug } = tenant;
    const { id: environmentId, name, liveRevision } = environment;
    const hosts = await servedHosts(tenant, tx, this.config, environment);
    const platform = await platformBoundsIn(tx, tenantId);
    const make = async (id: string, number: number): Promise<CompileResult> => {
      const document = await documentOf(tenantId, tx, environment, on);
      const published = { id, number, hash: '' };
      const { kind: _kind, ...change } = environmentChange(
        this.config,
        tenant,
        environment,
        published,
        document,
        hosts,
      );
      return compile({ ...change, ...platform, document, tenantId, environmentId });
    };
    if (on === 'draft') return make(newId('revision'), liveRevision + 1);
    const id = await liveRevisionId(tenantId, tx, environment);
    return this.live.of([id, tenantSlug, name, platform.platform?.version, ...hosts].join(' '), () =>
      make(id, liveRevision),
    );
  }

  private async decided(
    tenantId: string,
    { result: { compiled }, facts, scope, hasKey }: Prepared,
    body: ExplainBody,
    now: number,
  ): Promise<Decision> {
    const asked = requestedBy(body);
    const key = hasKey ? assumedKey : undefined;
    const request: DecideRequest = withAssumed(compiled, asked, facts, now, { key, claims: body.claims });
    for (let round = 0; round < mostRounds; round += 1) {
      facts.beginRound();
      if (body.clientAddress === undefined)
        facts.assume('client_address', `No client address was given: ${someAddress} was taken.`);
      const decision = decide(compiled, request, facts, now, body.seed ?? 0);
      const { wanted } = facts;
      if (wanted.hashes.length + wanted.subscriptions.length > 0) {
        facts.take(await this.database.inTenant(tenantId, (tx) => findWanted(tenantId, tx, scope, wanted)));
      } else if (decision.kind !== 'need') {
        if (body.seed === undefined && decision.account.armReason === 'arm_by_request')
          facts.assume('chance', 'Each request draws its arm by chance: this is one draw.');
        return decision;
      } else if (decision.need === 'lease') {
        const left = await this.budgets.read(decision.charges.map(({ limit }) => limit));
        decision.charges.forEach(({ limit, cost }, index) =>
          facts.budgets.set(limit.key, { limit, cost, left: left[index] }),
        );
      } else throw new Error(`an explanation has no answer to the need ${decision.need}`);
    }
    throw new Error(`a decision was still wanting something after ${mostRounds} rounds`);
  }
}
