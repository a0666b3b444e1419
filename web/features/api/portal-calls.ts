// Every call of the developer portal: the consumer's side of contracts' consumers.ts.
import {
  credentialWithKeySchema,
  deliverySchema,
  pageOf,
  portalApplicationSchema,
  portalSchema,
  quickStartSchema,
  rotatedCredentialSchema,
  tryCredentialSchema,
  usageSchema,
} from '@sluice/contracts';
import { get, post, remove, search } from './calls';
import type { Query } from './calls';

const base = (tenant: string) => `/v1/portal/${encodeURIComponent(tenant)}`;

export const getPortal = (tenant: string) => get(base(tenant), portalSchema);
export const quickStart = (tenant: string, body: { plan: string }, key: string) =>
  post(`${base(tenant)}/quick-start`, quickStartSchema, body, key);
export const listOwnApplications = (tenant: string) =>
  get(`${base(tenant)}/applications`, pageOf(portalApplicationSchema, 'PortalApplicationPage'));
export const getOwnApplication = (tenant: string, id: string) =>
  get(`${base(tenant)}/applications/${encodeURIComponent(id)}`, portalApplicationSchema);
export const renameOwnApplication = (tenant: string, id: string, body: { title: string }) => ({
  method: 'PATCH' as const,
  path: `${base(tenant)}/applications/${encodeURIComponent(id)}`,
  answer: portalApplicationSchema,
  body,
});
export const createOwnKey = (tenant: string, subscription: string, body: { name: string }, key: string) =>
  post(
    `${base(tenant)}/subscriptions/${encodeURIComponent(subscription)}/credentials`,
    credentialWithKeySchema,
    body,
    key,
  );
/** A key of 15 minutes that stands in no list. Its requests count against the same limits. */
export const createTryKey = (tenant: string, subscription: string, key: string) =>
  post(
    `${base(tenant)}/subscriptions/${encodeURIComponent(subscription)}/try-credential`,
    tryCredentialSchema,
    {},
    key,
  );
export const rotateOwnKey = (tenant: string, id: string, key: string) =>
  post(`${base(tenant)}/credentials/${encodeURIComponent(id)}/rotate`, rotatedCredentialSchema, {}, key);
export const revokeOwnKey = (tenant: string, id: string) =>
  remove(`${base(tenant)}/credentials/${encodeURIComponent(id)}`, {});
export const getOwnUsage = (tenant: string, application: string, query: Query = {}) =>
  get(`${base(tenant)}/applications/${encodeURIComponent(application)}/usage${search(query)}`, usageSchema);
export const getDelivery = (tenant: string, position: number) =>
  get(`${base(tenant)}/delivery${search({ position })}`, deliverySchema);
