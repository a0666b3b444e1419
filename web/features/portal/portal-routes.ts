// The addresses of a tenant's developer portal, on its own host.
import { search } from '@/features/api/calls';

const enc = encodeURIComponent;

export const portalRoutes = {
  home: () => '/',
  getKey: (plan?: string) => `/get-key${search({ plan })}`,
  signIn: (next?: string) => `/sign-in${search({ next })}`,
  start: (application: string) => `/start/${enc(application)}`,
  account: () => '/account',
  applications: () => '/applications',
  application: (id: string) => `/applications/${enc(id)}`,
} as const;
