// The weights of a route's arms as they are now: runtime state with versions, first in line on its way to the gateways. Only
// arms that are live can be weighed, and publishing never changes what was set here.
import { Inject, Injectable } from '@nestjs/common';
import { routeKey, sumsToWhole, type FieldError, type Split, type Weights } from '@sluice/contracts';
import type { Database, Environment, RouteWeights, Tx } from '@sluice/prisma';
import { findEnvironment } from '../environments/find-environment.js';
import { liveDocument } from '../environments/live-document.js';
import { appendToFeed } from '../fleet/append-to-feed.js';
import { weightsChange } from '../fleet/changes.js';
import type { Access } from '../http/access.js';
import { notFound, preconditionFailed, Refusal, stateConflict } from '../http/refusal.js';
import { Tagged } from '../http/tagged.js';
import { databaseToken } from '../tokens.js';
import { lockEnvironment } from './lock-environment.js';
import { weightsRepository } from './weights.repository.js';

export interface RouteName {
  readonly environment: string;
  readonly api: string;
  readonly route: string;
}

@Injectable()
export class WeightsService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async read({ tenantId }: Access, name: RouteName): Promise<Tagged<Weights>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const environment = await findEnvironment(tenantId, tx, name.environment);
      const { split, row } = await this.current(tenantId, tx, environment, name);
      return answer(name, split, row);
    });
  }

  async set(
    { tenantId, caller }: Access,
    name: RouteName,
    weights: Readonly<Record<string, number>>,
    ifMatch: string | undefined,
  ): Promise<Tagged<Weights>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const environment = await lockEnvironment(tenantId, tx, name.environment);
      const { split, row } = await this.current(tenantId, tx, environment, name);
      expectVersion(ifMatch, row?.version ?? 0);
      expectArms(weights, split);
      const key = { environmentId: environment.id, route: routeKey(name.api, name.route) };
      const version = (row?.version ?? 0) + 1;
      const saved = await weightsRepository.save(tenantId, tx, key, {
        version,
        weights,
        setBy: caller.email,
        setAt: new Date(),
        position: 0n,
      });
      const change = weightsChange(name.api, name.route, version, weights);
      const position = await appendToFeed(tx, environment.fleetId, tenantId, environment.id, [change]);
      await weightsRepository.savePosition(tenantId, tx, key, position);
      return answer(name, split, { ...saved, position: BigInt(position) });
    });
  }

  private async current(
    tenantId: string,
    tx: Tx,
    environment: Environment,
    { api, route }: RouteName,
  ): Promise<{ split: Split; row: RouteWeights | null }> {
    const document = await liveDocument(tenantId, tx, environment);
    const live = document?.apis[api]?.routes.find(({ name }) => name === route);
    if (live === undefined) throw await notLive(tenantId, tx, environment, api, route);
    const { split } = live;
    if (split === undefined)
      throw stateConflict(
        `The live route "${routeKey(api, route)}" ends in ${live.redirect === undefined ? 'an answer' : 'a redirect'} of the gateway's own: it has no arms to weigh.`,
      );
    const row = await weightsRepository.find(tenantId, tx, {
      environmentId: environment.id,
      route: routeKey(api, route),
    });
    return { split, row };
  }
}

async function notLive(
  tenantId: string,
  tx: Tx,
  { id: environmentId }: Environment,
  api: string,
  route: string,
): Promise<Refusal> {
  const drafted = await tx.route.count({ where: { tenantId, name: route, api: { environmentId, name: api } } });
  if (drafted === 0) return notFound('route of this name');
  return stateConflict(
    `The route "${api}/${route}" is not live yet, so it has no weights. Publish the environment first.`,
  );
}

/** Weights that no longer fit the live arms are not in force: the gateways then go by the document's, and so does this answer. */
function answer({ api, route }: RouteName, split: Split, row: RouteWeights | null): Tagged<Weights> {
  const set = row?.weights as Record<string, number> | undefined;
  const kept = Object.fromEntries(split.arms.map(({ name }) => [name, set?.[name] ?? 0]));
  const weights = sumsToWhole(Object.values(kept))
    ? kept
    : Object.fromEntries(split.arms.map(({ name, weight }) => [name, weight]));
  const body: Weights = {
    route: routeKey(api, route),
    version: row?.version ?? 0,
    weights,
    setBy: row?.setBy ?? null,
    setAt: row?.setAt.toISOString() ?? null,
    position: row === null ? null : Number(row.position),
  };
  return new Tagged(body, etagOf(body.version));
}

function etagOf(version: number): string {
  return `"${version}"`;
}

function expectVersion(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const named = ifMatch.split(',').map((tag) => tag.trim());
  if (named.includes(etagOf(version))) return;
  throw preconditionFailed(
    `Somebody set the weights after you read them: they are at version ${version} now. Read them again, and repeat your change.`,
    etagOf(version),
  );
}

function expectArms(weights: Readonly<Record<string, number>>, { arms }: Split): void {
  const names = arms.map(({ name }) => name);
  const errors: FieldError[] = [
    ...names
      .filter((name) => !Object.hasOwn(weights, name))
      .map((name) => ({
        pointer: `/weights/${name}`,
        message: `the live arm "${name}" has no weight`,
        fix: `give "${name}" a weight, 0 to switch it off`,
      })),
    ...Object.keys(weights)
      .filter((name) => !names.includes(name))
      .map((name) => ({
        pointer: `/weights/${name}`,
        message: `there is no live arm "${name}"`,
        fix: `leave it out; the live arms are ${names.join(', ')}`,
      })),
  ];
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  if (errors.length === 0 && !sumsToWhole(Object.values(weights))) {
    errors.push({ pointer: '/weights', message: `the weights sum to ${sum}`, fix: 'make them sum to 10000' });
  }
  if (errors.length > 0)
    throw new Refusal(
      'invalid_body',
      'The weights do not fit the arms that are live. Each error below says what to write instead.',
      errors,
    );
}
