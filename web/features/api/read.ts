import { headers } from 'next/headers';
import { cache } from 'react';
import { config } from '@/config';
import { outcomeOf, requestOf } from './call';
import type { Call, Outcome } from './call';
import { getMe } from './calls';

/** Sends a call from a server component, in the visitor's name: their cookie, their host (sessions are bound to it). */
export async function read<T>(call: Call<T>): Promise<Outcome<T>> {
  const incoming = await headers();
  return outcomeOf(call, () => {
    const request = requestOf(call);
    const outgoing = new Headers(request.headers);
    const cookie = incoming.get('cookie');
    if (cookie !== null) outgoing.set('cookie', cookie);
    // Who has not signed in is counted by address: the visitor's, and not this server's.
    const address = incoming.get('x-forwarded-for');
    if (address !== null) outgoing.set('x-forwarded-for', address);
    outgoing.set('x-forwarded-host', incoming.get('x-forwarded-host') ?? incoming.get('host') ?? '');
    outgoing.set('x-forwarded-proto', incoming.get('x-forwarded-proto') ?? 'http');
    return fetch(config().controlUrl + call.path, {
      ...request,
      headers: outgoing,
      signal: AbortSignal.timeout(15_000),
    });
  });
}

/** The signed-in person, asked for once per page. */
export const readMe = cache(() => read(getMe()));
