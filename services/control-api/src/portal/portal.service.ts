// The developer portal: what a tenant has on offer, and each developer's own applications and keys. Who is not the owner of
// a thing finds nothing. Everything happens in the environment `production`.
import { Inject, Injectable } from '@nestjs/common';
import type {
  CredentialWithKey,
  Page,
  Portal,
  PortalApplication,
  QuickStart,
  RotatedCredential,
  Rotation,
  TryCredential,
  Usage,
} from '@sluice/contracts';
import type { Database, Environment, Tx } from '@sluice/prisma';
import { AnalyticsService } from '../analytics/analytics.service.js';
import type { Range } from '../analytics/range.js';
import { applicationsRepository } from '../applications/applications.repository.js';
import type { Config } from '../config.js';
import { stateOf } from '../credentials/credential-answer.js';
import { credentialsRepository } from '../credentials/credentials.repository.js';
import { expectNotCancelled } from '../credentials/credentials.service.js';
import { issueKey, issueTryKey, revokeKeys, rotateKey, type KeyTerms } from '../credentials/life-cycle.js';
import { developersRepository } from '../developers/developers.repository.js';
import { findEnvironment } from '../environments/find-environment.js';
import { publicUrlOf } from '../environments/hosts.js';
import { liveDocument } from '../environments/live-document.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { invalidField, notFound, stateConflict } from '../http/refusal.js';
import { createOnceIn } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import type { Caller } from '../identity/session.js';
import { lockSubscription, subscribe } from '../subscriptions/subscriptions.service.js';
import { configToken, databaseToken } from '../tokens.js';
import { catalogueApis, cataloguePlans } from './catalogue.js';
import { portalApplication, type Catalogue } from './portal-application.js';
import { portalRepository, type OwnApplication, type Owner } from './portal.repository.js';

interface Site {
  readonly tx: Tx;
  readonly tenantId: string;
  readonly environment: Environment;
  readonly catalogue: Catalogue;
  readonly title: string;
}

const mostActiveKeys = 20;

@Injectable()
export class PortalService {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(configToken) private readonly config: Config,
    @Inject(AnalyticsService) private readonly analytics: AnalyticsService,
  ) {}

  async offer(slug: string): Promise<Portal> {
    return this.at(slug, async ({ title, catalogue: { apis, plans } }) => ({ tenant: { slug, title }, apis, plans }));
  }

  /** Application, subscription and key at once. Asked for again, it answers with what there is, and no second key. */
  async quickStart(slug: string, caller: Caller, planName: string): Promise<QuickStart> {
    return this.at(slug, async ({ tx, tenantId, environment, catalogue }) => {
      if (!catalogue.plans.some(({ name }) => name === planName))
        throw invalidField('/plan', `there is no plan "${planName}" on offer`, 'name a plan of the portal');
      const developer = await developersRepository.ensure(tenantId, tx, caller);
      await tx.$queryRaw`SELECT FROM sluice.developers WHERE tenant_id = ${tenantId} AND id = ${developer.id} FOR UPDATE`;
      const owner = { developerId: developer.id, environmentId: environment.id };
      const existing = await portalRepository.onPlan(tenantId, tx, owner, planName);
      if (existing !== null) return { application: portalApplication(existing, catalogue), credential: null };
      const { id } = await applicationsRepository.create(tenantId, tx, environment.id, {
        developerId: developer.id,
        title: 'My first application',
      });
      const subscription = await subscribe(tenantId, tx, environment, id, planName, {
        by: 'consumer',
        state: 'active',
      });
      const credential = await issueKey(tenantId, tx, environment, subscription.id, { name: 'First key' });
      return { application: portalApplication(await own(tenantId, tx, owner, id), catalogue), credential };
    });
  }

  async applications(slug: string, caller: Caller, query: PageQuery): Promise<Page<PortalApplication>> {
    return this.at(slug, async (site) => {
      const owner = await ownerOf(site, caller);
      const rows =
        owner === undefined ? [] : await portalRepository.list(site.tenantId, site.tx, owner, pageRequest(query));
      return toPage(rows, query, (row) => portalApplication(row, site.catalogue));
    });
  }

  async application(slug: string, caller: Caller, id: string): Promise<PortalApplication> {
    return this.atOwn(slug, caller, async ({ tx, tenantId, catalogue }, owner) =>
      portalApplication(await own(tenantId, tx, owner, id), catalogue),
    );
  }

  async rename(slug: string, caller: Caller, id: string, title: string): Promise<PortalApplication> {
    return this.atOwn(slug, caller, async ({ tx, tenantId, catalogue }, owner) => {
      await own(tenantId, tx, owner, id);
      await applicationsRepository.rename(tenantId, tx, id, title);
      return portalApplication(await own(tenantId, tx, owner, id), catalogue);
    });
  }

  async createKey(
    slug: string,
    caller: Caller,
    subscriptionId: string,
    terms: Omit<KeyTerms, 'scopes'>,
    idempotency: Idempotency | undefined,
  ): Promise<CredentialWithKey> {
    return this.atOwn(slug, caller, async ({ tx, tenantId, environment }, owner) =>
      createOnceIn(tx, { tenantId, identityId: caller.identityId }, idempotency, { holdsSecret: true }, async () => {
        await lockSubscription(tenantId, tx, subscriptionId);
        const subscription = await portalRepository.findSubscription(tenantId, tx, owner, subscriptionId);
        if (subscription === null) throw notFound('subscription with this id');
        expectNotCancelled(subscription);
        expectRoom(subscription.credentials);
        return issueKey(tenantId, tx, environment, subscriptionId, terms);
      }),
    );
  }

  async revokeKey(slug: string, caller: Caller, credentialId: string): Promise<void> {
    await this.atOwn(slug, caller, async ({ tx, tenantId, environment }, owner) => {
      const credential = await portalRepository.findCredential(tenantId, tx, owner, credentialId);
      if (credential === null) throw notFound('credential with this id');
      await revokeKeys(tenantId, tx, environment, { id: { in: [credential.id] }, isTry: false });
    });
  }

  async rotateKey(
    slug: string,
    caller: Caller,
    credentialId: string,
    rotation: Rotation,
    idempotency: Idempotency | undefined,
  ): Promise<RotatedCredential> {
    return this.atOwn(slug, caller, async ({ tx, tenantId, environment }, owner) =>
      createOnceIn(tx, { tenantId, identityId: caller.identityId }, idempotency, { holdsSecret: true }, async () => {
        const found = await portalRepository.findCredential(tenantId, tx, owner, credentialId);
        if (found === null) throw notFound('credential with this id');
        await lockSubscription(tenantId, tx, found.subscriptionId);
        await credentialsRepository.lock(tenantId, tx, [credentialId]);
        const subscription = await portalRepository.findSubscription(tenantId, tx, owner, found.subscriptionId);
        const credential = await portalRepository.findCredential(tenantId, tx, owner, credentialId);
        if (subscription === null || credential === null) throw notFound('credential with this id');
        expectNotCancelled(subscription);
        // One that ends at once makes room for the one that follows it.
        expectRoom(subscription.credentials.filter(({ id }) => rotation.overlapMs > 0 || id !== credentialId));
        return rotateKey(tenantId, tx, environment, credential, rotation);
      }),
    );
  }

  async createTryKey(
    slug: string,
    caller: Caller,
    subscriptionId: string,
    idempotency: Idempotency | undefined,
  ): Promise<TryCredential> {
    return this.atOwn(slug, caller, async ({ tx, tenantId, environment }, owner) =>
      createOnceIn(tx, { tenantId, identityId: caller.identityId }, idempotency, { holdsSecret: true }, async () => {
        await lockSubscription(tenantId, tx, subscriptionId);
        const subscription = await portalRepository.findSubscription(tenantId, tx, owner, subscriptionId);
        if (subscription === null) throw notFound('subscription with this id');
        return issueTryKey(tenantId, tx, environment, subscription);
      }),
    );
  }

  async usage(slug: string, caller: Caller, applicationId: string, range: Partial<Range>): Promise<Usage> {
    const { tenantId, environmentId } = await this.atOwn(slug, caller, async ({ tx, tenantId, environment }, owner) => {
      await own(tenantId, tx, owner, applicationId);
      return { tenantId, environmentId: environment.id };
    });
    return this.analytics.applicationUsage(tenantId, environmentId, applicationId, range);
  }

  private async at<T>(slug: string, use: (site: Site) => Promise<T>): Promise<T> {
    const found = await this.database.inSlug(slug, async (tx, { id: tenantId, title }) => {
      const environment = await findEnvironment(tenantId, tx, 'production');
      const document = await liveDocument(tenantId, tx, environment);
      const publicUrl = publicUrlOf(slug, environment.name, this.config);
      return {
        answer: await use({
          tx,
          tenantId,
          title,
          environment,
          catalogue: { apis: catalogueApis(document, publicUrl), plans: cataloguePlans(document) },
        }),
      };
    });
    if (found === undefined) throw notFound('portal of this name');
    return found.answer;
  }

  private async atOwn<T>(slug: string, caller: Caller, use: (site: Site, owner: Owner) => Promise<T>): Promise<T> {
    return this.at(slug, async (site) => {
      const owner = await ownerOf(site, caller);
      if (owner === undefined) throw notFound('thing of yours');
      return use(site, owner);
    });
  }
}

function expectRoom(credentials: readonly Parameters<typeof stateOf>[0][]): void {
  if (credentials.filter((one) => stateOf(one) === 'active').length < mostActiveKeys) return;
  throw stateConflict(`A subscription has ${mostActiveKeys} active keys at most. Revoke one first.`);
}

async function ownerOf({ tx, tenantId, environment }: Site, { identityId }: Caller): Promise<Owner | undefined> {
  const developer = await developersRepository.ofIdentity(tenantId, tx, identityId);
  return developer === null ? undefined : { developerId: developer.id, environmentId: environment.id };
}

async function own(tenantId: string, tx: Tx, owner: Owner, id: string): Promise<OwnApplication> {
  const row = await portalRepository.find(tenantId, tx, owner, id);
  if (row === null) throw notFound('application of yours with this id');
  return row;
}
