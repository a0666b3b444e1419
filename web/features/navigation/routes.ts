// Every address of the console, built in one place. Names are escaped; filters belong into `query`.
import { search } from '@/features/api/calls';
import type { Query } from '@/features/api/calls';

const enc = encodeURIComponent;

export const routes = {
  signIn: (next?: string) => `/sign-in${search({ next })}`,
  /** Without an organisation's title: to the only one, or to the choice. */
  front: (query: { organisation?: string } = {}) => `/${search(query)}`,
  signUp: () => '/sign-up',
  verify: (query: { email?: string; organisation?: string; next?: string }) => `/verify${search(query)}`,
  reset: () => '/reset',
  /** The same on the console and on a portal. */
  account: () => '/account',
  home: (tenant: string, query: Query = {}) => `/${tenant}${search(query)}`,
  start: (tenant: string) => `/${tenant}/start`,
  apis: (tenant: string) => `/${tenant}/apis`,
  newApi: (tenant: string) => `/${tenant}/apis/new`,
  api: (tenant: string, api: string, query: Query = {}) => `/${tenant}/apis/${enc(api)}${search(query)}`,
  apiSettings: (tenant: string, api: string) => `/${tenant}/apis/${enc(api)}/settings`,
  route: (tenant: string, api: string, route: string) => `/${tenant}/apis/${enc(api)}/routes/${enc(route)}`,
  upstreams: (tenant: string, query: Query = {}) => `/${tenant}/upstreams${search(query)}`,
  upstream: (tenant: string, upstream: string) => `/${tenant}/upstreams/${enc(upstream)}`,
  plans: (tenant: string, query: Query = {}) => `/${tenant}/plans${search(query)}`,
  plan: (tenant: string, plan: string) => `/${tenant}/plans/${enc(plan)}`,
  revisions: (tenant: string) => `/${tenant}/revisions`,
  draft: (tenant: string) => `/${tenant}/revisions/draft`,
  revision: (tenant: string, number: number) => `/${tenant}/revisions/${number}`,
  requests: (tenant: string, query: Query = {}) => `/${tenant}/requests${search(query)}`,
  explain: (tenant: string, query: Query = {}) => `/${tenant}/requests/explain${search(query)}`,
  applications: (tenant: string, query: Query = {}) => `/${tenant}/applications${search(query)}`,
  application: (tenant: string, id: string) => `/${tenant}/applications/${enc(id)}`,
  members: (tenant: string) => `/${tenant}/members`,
  domains: (tenant: string) => `/${tenant}/settings/domains`,
  secrets: (tenant: string, query: Query = {}) => `/${tenant}/settings/secrets${search(query)}`,
} as const;

/** Where to go after signing in: only a path of this site, never `//elsewhere`. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !/^\/(?![/\\])[^\s\\]*$/.test(next)) return '/';
  return next;
}
