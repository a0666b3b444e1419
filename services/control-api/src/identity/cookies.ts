// The names of our cookies. `__Host-` binds one to its host and to https; plain http on localhost cannot have it.
import type { Config } from '../config.js';

export function isSecure({ web }: Pick<Config, 'web'>): boolean {
  return web.consoleUrl.startsWith('https:');
}

export function cookiePrefixOf(config: Pick<Config, 'web'>): string {
  return isSecure(config) ? '__Host-sluice' : 'sluice';
}

export function cookieNameOf(config: Pick<Config, 'web'>, what: 'session_token' | 'two_factor' | 'confirming'): string {
  return `${cookiePrefixOf(config)}.${what}`;
}

/** The header without one of its cookies, however often and in whatever way that is written. */
export function withoutCookie(header: string, name: string): string {
  return header
    .split(';')
    .filter((pair) => pair.split('=', 1)[0]?.trim() !== name)
    .join(';');
}
