'use client';

import { outcomeOf, requestOf } from './call';
import type { Call, Outcome } from './call';

/** Sends a call from the browser to the page's own origin; the session cookie goes along. */
export function perform<T>(call: Call<T>, signal?: AbortSignal): Promise<Outcome<T>> {
  return outcomeOf(call, () => fetch(call.path, { ...requestOf(call), ...(signal === undefined ? {} : { signal }) }));
}
