// For tests: what a gateway tells the control plane.
import type { HeartbeatBody, Receipt } from '@sluice/contracts';
import { fleetToken } from './fleet-servers.js';
import { identityAnew, identityOf } from './gateway-identity.js';

/** A gateway that tests have made the control plane forget comes in again. */
export async function tell(
  url: string,
  path: 'heartbeats' | 'receipts' | 'upstream-health',
  body: { readonly gatewayId: string } & Readonly<Record<string, unknown>>,
): Promise<number> {
  const status = await send(url, path, await identityOf(url, fleetToken, body.gatewayId), body);
  return status === 401 ? send(url, path, await identityAnew(url, fleetToken, body.gatewayId), body) : status;
}

async function send(url: string, path: string, identity: string, body: object): Promise<number> {
  const res = await fetch(`${url}/v1/fleet/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${identity}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await res.arrayBuffer();
  return res.status;
}

export async function heartbeat(
  url: string,
  gatewayId: string,
  at: Pick<HeartbeatBody, 'historyId' | 'position' | 'mark'>,
): Promise<number> {
  const body: HeartbeatBody = { gatewayId, bootId: `boot-of-${gatewayId}`, version: '0.1.0', ...at };
  return tell(url, 'heartbeats', body);
}

export async function receipt(
  url: string,
  gatewayId: string,
  of: Omit<Receipt, 'state' | 'refusals'>,
  refusals: Receipt['refusals'] = [],
): Promise<number> {
  const state = refusals.length === 0 ? 'applied' : 'refused';
  return tell(url, 'receipts', { gatewayId, receipts: [{ ...of, state, refusals }] });
}
