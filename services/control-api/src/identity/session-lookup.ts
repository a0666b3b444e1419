// The usual request with a session, in one round trip: its cookie is signed by us, its session lives and need not be renewed
// yet. The library takes two, and several times the work, to find the same; it is left all that is not usual.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Pool } from '@sluice/prisma';
import type { Config } from '../config.js';
import { sessionTimes } from './auth.js';
import { cookieNameOf } from './cookies.js';
import { sealOf } from './sealed-sessions.js';
import type { Caller } from './session.js';

/** Undefined: ask the library, which says no or renews. */
export type SessionLookup = (cookies: string | undefined) => Promise<Caller | undefined>;

export function createSessionLookup(config: Pick<Config, 'web' | 'auth'>, pool: Pool): SessionLookup {
  const name = `${cookieNameOf(config, 'session_token')}=`;
  const renewedBeforeEndMs = (sessionTimes.expiresIn - sessionTimes.updateAge) * 1000;
  return async (cookies) => {
    const token = signedToken(cookies ?? '', name, config.auth.secret);
    if (token === undefined) return undefined;
    const { rows } = await pool.query<Row>(lookupSql, [sealOf(token)]);
    const [row] = rows;
    if (row === undefined || !row.email_verified) return undefined;
    if (row.expires_at.getTime() - renewedBeforeEndMs <= Date.now()) return undefined;
    return { identityId: row.id, email: row.email, name: row.name };
  };
}

interface Row {
  readonly expires_at: Date;
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly email_verified: boolean;
}

const lookupSql = `
  SELECT session.expires_at, identity.id, identity.email, identity.name, identity.email_verified
  FROM auth.session JOIN auth.identity ON identity.id = session.user_id WHERE session.token = $1`;

/** What the cookie holds, where it is as the library writes it: the token, a dot, and its HMAC in base64. */
function signedToken(cookies: string, name: string, secret: string): string | undefined {
  const pair = cookies
    .split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(name));
  const value = decoded(pair?.slice(name.length) ?? '');
  const dot = value.lastIndexOf('.');
  if (dot < 1) return undefined;
  const [token, given] = [value.slice(0, dot), Buffer.from(value.slice(dot + 1))];
  const signature = Buffer.from(createHmac('sha256', secret).update(token).digest('base64'));
  return given.length === signature.length && timingSafeEqual(given, signature) ? token : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
