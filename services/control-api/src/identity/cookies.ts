// The names of our cookies. `__Host-` binds one to its host and to https; plain http on localhost cannot have it.
import type { Config } from '../config.js';

export function isSecure({ web }: Pick<Config, 'web'>): boolean {
  return web.consoleUrl.startsWith('https:');
}

export function cookiePrefixOf(config: Pick<Config, 'web'>): string {
  return isSecure(config) ? '__Host-sluice' : 'sluice';
}

export function cookieNameOf(config: Pick<Config, 'web'>, what: 'session_token' | 'confirming'): string {
  return `${cookiePrefixOf(config)}.${what}`;
}
