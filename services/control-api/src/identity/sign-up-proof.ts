// What ties a mailed code to the browser that signed up. Otherwise a stranger could sign up anew with an address that is not
// confirmed yet, and its owner, typing the newest code, would confirm the account that has the stranger's password. The
// cookie is an HMAC of the account's id; signing in with the right password gives it too, for a second browser.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config.js';
import { cookieNameOf, isSecure } from './cookies.js';

export interface SignUpProof {
  /** The header Set-Cookie. */
  cookieFor(identityId: string): string;
  /** Whether a request's header Cookie proves that this account was made, or its password known, in that browser. */
  holds(identityId: string, cookies: string | null | undefined): boolean;
}

const maxAgeS = 3_600;

export function createSignUpProof(config: Pick<Config, 'web' | 'auth'>): SignUpProof {
  const name = cookieNameOf(config, 'confirming');
  const valueFor = (identityId: string): string =>
    createHmac('sha256', config.auth.secret).update(`sign-up proof ${identityId}`).digest('base64url');
  return {
    cookieFor: (identityId) =>
      `${name}=${valueFor(identityId)}; Max-Age=${maxAgeS}; Path=/; HttpOnly; SameSite=Lax${isSecure(config) ? '; Secure' : ''}`,
    holds(identityId, cookies) {
      const expected = Buffer.from(`${name}=${valueFor(identityId)}`);
      return (cookies ?? '').split(';').some((pair) => {
        const given = Buffer.from(pair.trim());
        return given.length === expected.length && timingSafeEqual(given, expected);
      });
    },
  };
}
