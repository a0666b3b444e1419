// Keys that are not to work any more.
import type { Schemas } from '@sluice/api-client';
import { placeOptions, type Command, type Context } from '../../command.js';
import { readAll } from '../../io.js';
import type { Place } from '../../settings/connection.js';
import { usage, valueOf } from '../../stop.js';
import { applicationOption, subscriptionOption } from './options.js';

export const keysRevoke: Command = {
  name: 'keys revoke',
  summary: 'revoke keys, for good',
  about:
    'Revokes keys: every connected gateway refuses them within a second. There is no way back. Of several that are named, all are revoked, or none when one is not there.',
  arguments: [
    {
      name: 'key',
      about: 'ids: key_ and 32 hex digits; `-` takes them from standard input, 1000 at most',
      isRequired: false,
      isMany: true,
    },
  ],
  options: [
    { ...subscriptionOption, about: 'all keys of a subscription: sub_ and 32 hex digits' },
    { ...applicationOption, about: 'all keys of an application: app_ and 32 hex digits' },
    ...placeOptions,
  ],
  examples: [
    { line: 'sluice keys revoke key_…', about: 'it has leaked' },
    { line: 'sluice keys revoke --application app_…', about: 'all that this application has' },
    { line: 'sluice keys revoke - < leaked.txt', about: 'a list of them' },
  ],
  run: async (context) => {
    const which = await whichOf(context);
    const place = await context.place();
    const revocation = await context.waiting('Revoking', revoked(place, which));
    context.result(revocation, () =>
      revocation.revoked === 0
        ? 'Nothing to revoke: what was named is revoked already.\n'
        : `${revocation.revoked === 1 ? '1 key is' : `${revocation.revoked} keys are`} revoked.\n`,
    );
    return 'ok';
  },
};

type Which = { readonly keys: string[] } | { readonly subscription: string } | { readonly application: string };

async function whichOf(context: Context): Promise<Which> {
  const given = context.every('key');
  const subscription = context.option('subscription');
  const application = context.option('application');
  if ([given.length > 0, subscription !== undefined, application !== undefined].filter(Boolean).length !== 1)
    throw usage('Name keys, or a subscription, or an application: one of the three.');
  if (subscription !== undefined) return { subscription };
  if (application !== undefined) return { application };
  const text = given.includes('-') ? await readAll(context.io) : '';
  const keys = [...new Set([...given.filter((key) => key !== '-'), ...text.split(/\s+/).filter((key) => key !== '')])];
  if (keys.length === 0) throw usage('No key came on standard input.');
  const wrong = keys.find((key) => !/^key_[0-9a-f]{32}$/.test(key));
  // It may be a key itself: it is not repeated.
  if (wrong !== undefined)
    throw usage(
      `Entry ${keys.indexOf(wrong) + 1} is not the id of a key: key_ and 32 hex digits. \`sluice keys list\` shows ids.`,
    );
  if (keys.length > 1000) throw usage(`1000 keys can be revoked at once, not ${keys.length}: give them in parts.`);
  return { keys };
}

async function revoked({ client, path, url }: Place, which: Which): Promise<Schemas['RevocationResult']> {
  if ('subscription' in which)
    return valueOf(
      await client.call('manyCredentials_revokeOfSubscription', {
        path: { ...path, subscription: which.subscription },
      }),
      url,
    );
  if ('application' in which)
    return valueOf(
      await client.call('manyCredentials_revokeOfApplication', { path: { ...path, application: which.application } }),
      url,
    );
  return valueOf(await client.call('manyCredentials_revokeListed', { path, body: { credentials: which.keys } }), url);
}
