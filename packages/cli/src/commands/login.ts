// Signing in: a token is pasted, proven at the control plane, and kept.
import type { Command } from '../command.js';
import { placeOptions } from '../command.js';
import { printable, readAll } from '../io.js';
import { askSecretly } from '../settings/ask-secretly.js';
import { addressOf, clientFor, tenantOfToken } from '../settings/connection.js';
import { readSettings, saveSettings, type SavedSettings } from '../settings/saved-settings.js';
import { usage, valueOf } from '../stop.js';

export const login: Command = {
  name: 'login',
  summary: 'keep the address of a control plane and a token for it',
  about:
    'Asks for an access token (POST /v1/me/tokens makes one), proves it at the control plane, and keeps both in $XDG_CONFIG_HOME/sluice/config.json, readable by you alone. The token is read from standard input when that is no terminal; it is never an argument, where other users of the machine could see it.',
  arguments: [
    { name: 'url', about: 'the address of the control API; SLUICE_URL, or the one kept before', isRequired: false },
  ],
  options: placeOptions,
  examples: [
    { line: 'sluice login https://control.example.com', about: 'asks for the token' },
    { line: 'sluice login https://control.example.com --tenant acme < token.txt', about: 'takes it from a file' },
  ],
  run: async (context) => {
    const { io } = context;
    const earlier = await readSettings(io);
    const url = addressOf(context.argument('url') ?? nonEmpty(io.env['SLUICE_URL']) ?? earlier?.url);
    if (url.startsWith('http:') && !isLoopback(url))
      context.say(`warning: ${url} is not encrypted: whoever is on the way can read the token.\n`);
    const token = (io.stdin.isTTY === true ? await askSecretly(io, `Token for ${url}: `) : await readAll(io)).trim();
    if (token === '') throw usage('No token came. Paste one, or give it on standard input.');
    const client = clientFor(url, token);
    const presented = valueOf(await context.waiting('Proving the token', client.call('presentedToken_read')), url);
    const tenant = context.option('tenant') ?? (await tenantOfToken({ client, url }));
    const environment = context.option('environment');
    const settings: SavedSettings = {
      url,
      token,
      ...(tenant === undefined ? {} : { tenant }),
      ...(environment === undefined ? {} : { environment }),
    };
    const file = await saveSettings(io, settings);
    const { holder, expiresAt } = presented;
    context.result({ url, file, tenant: tenant ?? null, environment: environment ?? null, token: presented }, () =>
      [
        `Signed in to ${url} as ${printable(holder.email ?? holder.name)}${tenant === undefined ? '' : `, tenant ${tenant}`}.`,
        `The token is good until ${expiresAt}. It is kept in ${file}.`,
        '',
      ].join('\n'),
    );
    return 'ok';
  },
};

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.')
  );
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
