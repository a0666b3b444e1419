// From nothing to a public URL and a test key, in one transaction: upstream, API, route, plan, publication, and an
// application of the member's own to try it with. If any part is refused, there is nothing.
import { Inject, Injectable } from '@nestjs/common';
import type { Arm, FirstRun, FirstRunBody, RouteSpec } from '@sluice/contracts';
import type { Database, Environment, Tx } from '@sluice/prisma';
import { apisRepository } from '../apis/apis.repository.js';
import { apiAnswer } from '../apis/apis.service.js';
import { applicationsRepository } from '../applications/applications.repository.js';
import type { Config } from '../config.js';
import { issueKey } from '../credentials/life-cycle.js';
import { developersRepository } from '../developers/developers.repository.js';
import { publicUrlOf } from '../environments/hosts.js';
import { fleetsRepository } from '../fleet/fleets.repository.js';
import type { Access } from '../http/access.js';
import { invalidField, nameTaken, stateConflict } from '../http/refusal.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { plansRepository } from '../plans/plans.repository.js';
import { planLimits } from '../plans/plans.service.js';
import { lockEnvironment } from '../publish/lock-environment.js';
import { publishIn } from '../publish/publish-in.js';
import { revisionAnswer } from '../publish/revisions.service.js';
import { unpublishedChanges } from '../publish/unpublished-changes.js';
import { routesRepository } from '../routes/routes.repository.js';
import { subscribe } from '../subscriptions/subscriptions.service.js';
import { configToken, databaseToken } from '../tokens.js';
import { upstreamsRepository } from '../upstreams/upstreams.repository.js';

const keyHeader = 'x-api-key';
const planName = 'free';

@Injectable()
export class FirstRunService {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(configToken) private readonly config: Config,
  ) {}

  async run(
    access: Access,
    environmentName: string,
    body: FirstRunBody,
    idempotency: Idempotency | undefined,
  ): Promise<FirstRun> {
    const { tenantId, tenantSlug, caller } = access;
    const upstreams = this.upstreamsOf(body);
    return createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      idempotency,
      { holdsSecret: true },
      async (tx) => {
        const environment = await lockEnvironment(tenantId, tx, environmentName);
        await expectNothingPending(tenantId, tx, environment);
        await this.draft(tenantId, tx, environment, body, upstreams);
        const developer = await developersRepository.ensure(tenantId, tx, caller);
        const application = await applicationsRepository.create(tenantId, tx, environment.id, {
          developerId: developer.id,
          title: `Test of ${body.title}`.slice(0, 200),
        });
        // From here on the feed is locked, and so what takes other locks stands above.
        const { revision, environment: published } = await publishIn(tx, {
          config: this.config,
          tenant: access,
          environmentName,
          author: caller.email,
          comment: `First run: ${body.title}`,
        });
        const subscription = await subscribe(tenantId, tx, published, application.id, planName, {
          by: 'provider',
          state: 'active',
        });
        const { key, position } = await issueKey(tenantId, tx, published, subscription.id, { name: 'Test key' });
        const api = await apisRepository.find(tenantId, tx, environment.id, body.name);
        if (api === null) throw new Error('the API that was just made is not there');
        return {
          api: apiAnswer(api),
          revision: revisionAnswer(revision, [], await fleetsRepository.liveGateways(tx, environment.fleetId)),
          publicUrl: `${publicUrlOf(tenantSlug, environmentName, this.config)}/${body.name}`,
          testPath: body.upstreamUrl === 'demo' ? '/orders' : '/',
          key,
          keyHeader,
          position,
        };
      },
    );
  }

  private async draft(
    tenantId: string,
    tx: Tx,
    environment: Environment,
    { name, title }: FirstRunBody,
    upstreams: readonly NamedUpstream[],
  ): Promise<void> {
    if ((await apisRepository.find(tenantId, tx, environment.id, name)) !== null) throw nameTaken('/name', name);
    for (const upstream of upstreams) {
      if ((await upstreamsRepository.find(tenantId, tx, environment.id, upstream.name)) !== null)
        throw nameTaken('/name', upstream.name);
      await upstreamsRepository.create(tenantId, tx, environment.id, upstream.name, {
        targets: [{ url: upstream.url, weight: 1 }],
        timeoutMs: 30_000,
      });
    }
    const api = await apisRepository.create(tenantId, tx, environment.id, name, { title, version: 'v1' });
    await routesRepository.create(tenantId, tx, api.id, firstRoute(name, upstreams));
    await offerForFree(tenantId, tx, environment.id, name);
  }

  private upstreamsOf({ name, upstreamUrl }: FirstRunBody): NamedUpstream[] {
    if (upstreamUrl !== 'demo') return [{ name, url: upstreamUrl, arm: 'stable' }];
    const [v1, v2] = this.config.demo.upstreamUrls ?? [];
    if (v1 === undefined || v2 === undefined)
      throw invalidField(
        '/upstreamUrl',
        'this platform brings no demo upstream along',
        'write the URL of an upstream of yours',
      );
    return [
      { name: `${name}-v1`, url: v1, arm: 'stable' },
      { name: `${name}-v2`, url: v2, arm: 'canary' },
    ];
  }
}

// It publishes the whole draft, and nobody has asked for anything of it but what this request adds.
async function expectNothingPending(tenantId: string, tx: Tx, environment: Environment): Promise<void> {
  const count = await unpublishedChanges(tenantId, tx, environment);
  if (count === 0) return;
  const changes = count === 1 ? '1 unpublished change' : `${count} unpublished changes`;
  throw stateConflict(
    `${changes} of this environment would go live with it. Review them at /revisions/draft in the console, and publish or undo them first.`,
  );
}

interface NamedUpstream {
  readonly name: string;
  readonly url: string;
  readonly arm: 'stable' | 'canary';
}

// A second version starts without traffic: whoever wants it moves the weight.
function firstRoute(name: string, upstreams: readonly NamedUpstream[]): RouteSpec {
  const arms: Arm[] = upstreams.map(({ name: upstream, arm }) => ({
    name: arm,
    upstream,
    weight: arm === 'stable' ? 10_000 : 0,
  }));
  return {
    name,
    match: { path: { prefix: `/${name}` } },
    strip: `/${name}`,
    policies: [{ 'api-key': { header: keyHeader } }],
    split: { sticky: 'none', arms },
  };
}

/** The plan `free` offers the API too; it is made when there is none. */
async function offerForFree(tenantId: string, tx: Tx, environmentId: string, apiName: string): Promise<void> {
  const free = await plansRepository.find(tenantId, tx, environmentId, planName);
  if (free === null)
    await plansRepository.create(tenantId, tx, environmentId, planName, {
      title: 'Free',
      apis: [apiName],
      limits: [{ window: '100/minute', onOutage: 'deny' }],
    });
  else
    await plansRepository.replace(tenantId, tx, free.id, {
      title: free.title,
      apis: [...new Set([...free.apis, apiName])],
      limits: planLimits(free),
    });
}
