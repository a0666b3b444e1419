// Which control plane, in whose name, and where in it. What stands in the command line wins over the environment, the
// environment over what `sluice login` has kept. A kept token goes to the address that it was kept for, and to no other.
import { createApiClient, type ApiClient } from '@sluice/api-client';
import type { Io } from '../io.js';
import { Stop, usage, valueOf } from '../stop.js';
import { readSettings } from './saved-settings.js';

export interface Connection {
  readonly client: ApiClient;
  readonly url: string;
}

export interface Place extends Connection {
  readonly tenant: string;
  readonly environment: string;
  /** Both, as path parameters. */
  readonly path: { readonly tenant: string; readonly environment: string };
}

export interface Wanted {
  readonly tenant: string | undefined;
  readonly environment: string | undefined;
}

export async function connect(io: Io): Promise<Connection> {
  const saved = await readSettings(io);
  const url = addressOf(filled(io.env['SLUICE_URL']) ?? saved?.url);
  const token = filled(io.env['SLUICE_TOKEN']) ?? (saved?.url === url ? saved.token : undefined);
  if (token === undefined)
    throw signedOut(`There is no token for ${url}. Run \`sluice login ${url}\`, or set SLUICE_TOKEN.`);
  return { client: clientFor(url, token), url };
}

/** The environment that a command is about. Without a tenant named anywhere it is the token's own. */
export async function findPlace(io: Io, wanted: Wanted): Promise<Place> {
  const connection = await connect(io);
  const saved = await readSettings(io);
  const kept = saved?.url === connection.url ? saved : undefined;
  const tenant = wanted.tenant ?? filled(io.env['SLUICE_TENANT']) ?? kept?.tenant ?? (await tenantOfToken(connection));
  if (tenant === undefined)
    throw usage('This token is good for several tenants: name one with --tenant or SLUICE_TENANT.');
  const environment = wanted.environment ?? filled(io.env['SLUICE_ENVIRONMENT']) ?? kept?.environment ?? 'production';
  return { ...connection, tenant, environment, path: { tenant, environment } };
}

/** Undefined: the token is good for several, or for none. */
export async function tenantOfToken({ client, url }: Connection): Promise<string | undefined> {
  const { tenant } = valueOf(await client.call('presentedToken_read'), url);
  if (tenant !== null) return tenant;
  const { memberships } = valueOf(await client.call('me_read'), url);
  return memberships.length === 1 ? memberships[0]?.tenant : undefined;
}

export function clientFor(url: string, token: string): ApiClient {
  // A header is bytes without line breaks: fetch would throw, and its message would show the token.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw signedOut('The token holds characters that no token has: copy it again, whole.');
  return createApiClient({ url, token, userAgent: 'sluice-cli/0.1.0' });
}

/** An address as it is kept and compared: without a slash at the end. */
export function addressOf(text: string | undefined): string {
  if (text === undefined)
    throw signedOut('No control plane is named. Run `sluice login <url>`, or set SLUICE_URL and SLUICE_TOKEN.');
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.search !== '')
    throw usage(`"${text}" is not the address of a control plane. Write it like https://control.example.com.`);
  return url.href.replace(/\/+$/, '');
}

function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function signedOut(detail: string): Stop {
  return new Stop({ exit: 'signedOut', code: 'signed_out', title: 'You are not signed in', detail });
}
