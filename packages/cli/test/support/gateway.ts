// What a gateway tells the control plane: that it is alive, and what it makes of a revision.
import { identityOf } from '../../../../services/control-api/dist/testing/gateway-identity.js';
import { fleetToken } from '../../../../services/control-api/test/support/control-plane.js';
import { onTestFinished } from 'vitest';
import type { World } from './world.js';

async function tell(
  { plane }: World,
  path: string,
  body: { readonly gatewayId: string } & Readonly<Record<string, unknown>>,
): Promise<void> {
  const identity = await identityOf(plane.url, fleetToken, body.gatewayId);
  const res = await fetch(`${plane.url}/v1/fleet/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${identity}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!res.ok) throw new Error(`${path} answered ${res.status} ${await res.text()}`);
}

/** It is live until the test is over, however slow the machine is. */
export async function keepLive(world: World, gatewayId: string): Promise<void> {
  const beat = async (): Promise<void> =>
    tell(world, 'heartbeats', { gatewayId, bootId: 'boot', version: '0.1.0', historyId: null, position: 0 });
  await beat();
  const beating = setInterval(() => void beat().catch(() => {}), 3000);
  onTestFinished(() => clearInterval(beating));
}

export interface Published {
  readonly id: string;
  readonly number: number;
}

export async function answer(
  world: World,
  gatewayId: string,
  { id, number }: Published,
  refusals: readonly { object: string; code: string; detail: string }[] = [],
): Promise<void> {
  const { owner, base, values } = world.tenant;
  const [tenant, environment] = await Promise.all([
    owner.ask<{ id: string }>('GET', `/v1/tenants/${values['tenant']}`),
    owner.ask<{ id: string }>('GET', base),
  ]);
  const receipt = {
    tenantId: tenant.id,
    environmentId: environment.id,
    revision: number,
    revisionId: id,
    // As a gateway answers that refuses objects and applies all others.
    state: 'applied',
    refusals,
  };
  await tell(world, 'receipts', { gatewayId, receipts: [receipt] });
}
