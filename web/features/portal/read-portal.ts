import { slugSchema } from '@sluice/contracts';
import type { Portal } from '@sluice/contracts';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import type { Failure } from '@/features/api/call';
import { getPortal } from '@/features/api/portal-calls';
import { read } from '@/features/api/read';

/** What a tenant offers, asked for once per page. A portal of nobody is not found. */
export const readPortal = cache(async (tenant: string): Promise<Portal | Failure> => {
  if (!slugSchema.safeParse(tenant).success) notFound();
  const portal = await read(getPortal(tenant));
  if (!portal.ok && portal.code === 'not_found') notFound();
  return portal.ok ? portal.value : portal;
});
