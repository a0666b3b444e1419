import { notFound } from 'next/navigation';
import type { Api, Revision } from '@sluice/contracts';
import type { Failure } from '@/features/api/call';
import { getApi, listRevisions } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { read } from '@/features/api/read';

export interface LoadedApi {
  readonly api: Api;
  readonly etag: string | undefined;
  readonly newest: Revision | undefined;
}

/** An API of the draft, with the newest revision beside it. */
export async function loadApi(at: At, name: string): Promise<LoadedApi | Failure> {
  const [api, revisions] = await Promise.all([read(getApi(at, name)), read(listRevisions(at, { limit: 1 }))]);
  if (!api.ok && api.code === 'not_found') notFound();
  if (!api.ok) return api;
  return {
    api: api.value,
    etag: api.etag ?? undefined,
    newest: revisions.ok ? revisions.value.items[0] : undefined,
  };
}
