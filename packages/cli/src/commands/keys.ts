// Keys of subscriptions: `keys list`, `keys create`, `keys revoke`.
import { randomUUID } from 'node:crypto';
import { everyItem, type Schemas } from '@sluice/api-client';
import { placeOptions, type Command, type Option } from '../command.js';
import { table } from '../output/table.js';
import type { Place } from '../settings/connection.js';
import { usage, valueOf } from '../stop.js';

const subscriptionOption: Option = {
  name: 'subscription',
  value: 'id',
  about: 'a subscription: sub_ and 32 hex digits',
};

type Listed = Schemas['Credential'] & { readonly subscriptionId: string; readonly applicationId: string | null };

export const keysList: Command = {
  name: 'keys list',
  summary: 'list keys, revoked ones too',
  about:
    'Lists the keys of a subscription, of an application, or of all. Of a key only its prefix and its last four are kept.',
  arguments: [],
  options: [
    subscriptionOption,
    { name: 'application', value: 'id', about: 'an application: app_ and 32 hex digits' },
    ...placeOptions,
  ],
  examples: [
    { line: 'sluice keys list --json | jq ".items[] | select(.state == \\"active\\")"', about: 'those that work' },
  ],
  run: async (context) => {
    const place = await context.place();
    const items = await context.waiting(
      'Reading keys',
      listed(place, context.option('subscription'), context.option('application')),
    );
    context.result({ items }, () =>
      items.length === 0
        ? 'No keys.\n'
        : table(
            ['KEY', 'NAME', 'HINT', 'STATE', 'CREATED', 'SUBSCRIPTION'],
            items.map(({ id, name, hint, state, createdAt, subscriptionId }) => [
              id,
              name,
              hint,
              state,
              createdAt,
              subscriptionId,
            ]),
          ),
    );
    return 'ok';
  },
};

export const keysCreate: Command = {
  name: 'keys create',
  summary: 'create a key, which is shown this once',
  about:
    'Creates a key of a subscription. The key is the only line on standard output, and is never shown again; everything else goes to standard error.',
  arguments: [{ name: 'name', about: 'what people call it', isRequired: true }],
  options: [
    subscriptionOption,
    { name: 'expires-in-days', value: 'days', about: 'it is refused from then on; never without it' },
    { name: 'scopes', value: 'list', about: 'what the policy `scopes` may ask for, with commas between' },
    ...placeOptions,
  ],
  examples: [{ line: 'KEY=$(sluice keys create ci --subscription sub_…)', about: 'into a variable' }],
  run: async (context) => {
    const subscription = context.option('subscription');
    if (subscription === undefined) throw usage('A key belongs to a subscription: name it with --subscription.');
    const days = context.option('expires-in-days');
    if (days !== undefined && !/^[1-9]\d{0,4}$/.test(days))
      throw usage(`--expires-in-days takes a whole number, not "${days}".`);
    const scopes = context
      .option('scopes')
      ?.split(',')
      .map((scope) => scope.trim());
    const body = {
      name: context.argument('name') ?? '',
      ...(scopes === undefined ? {} : { scopes }),
      ...(days === undefined ? {} : { expiresAt: new Date(Date.now() + Number(days) * 86_400_000).toISOString() }),
    };
    const { client, path, url } = await context.place();
    const asked = client.call('credentials_create', {
      path: { ...path, subscription },
      body,
      idempotencyKey: randomUUID(),
    });
    const created = valueOf(await context.waiting('Creating the key', asked), url);
    context.say(`${created.id} is made. Keep the key below: it is shown this once.\n`);
    context.result(created, () => `${created.key}\n`);
    return 'ok';
  },
};

export const keysRevoke: Command = {
  name: 'keys revoke',
  summary: 'revoke a key, for good',
  about: 'Revokes a key: every connected gateway refuses it within a second. There is no way back.',
  arguments: [{ name: 'key', about: 'its id: key_ and 32 hex digits', isRequired: true }],
  options: placeOptions,
  examples: [{ line: 'sluice keys revoke key_…', about: 'it has leaked' }],
  run: async (context) => {
    const credential = context.argument('key') ?? '';
    const { client, path, url } = await context.place();
    const asked = client.call('credentials_revoke', { path: { ...path, credential } });
    valueOf(await context.waiting('Revoking the key', asked), url);
    context.result({ id: credential, state: 'revoked' }, () => `${credential} is revoked.\n`);
    return 'ok';
  },
};

async function listed(
  { client, path, url }: Place,
  subscription: string | undefined,
  application: string | undefined,
): Promise<Listed[]> {
  const ofSubscription = async (subscriptionId: string, applicationId: string | null): Promise<Listed[]> => {
    const keys = valueOf(
      await everyItem(client, 'credentials_list', { path: { ...path, subscription: subscriptionId } }),
      url,
    );
    return keys.map((key) => Object.assign({ subscriptionId, applicationId }, key));
  };
  if (subscription !== undefined) return ofSubscription(subscription, application ?? null);
  const applications =
    application === undefined
      ? valueOf(await everyItem(client, 'applications_list', { path }), url).map(({ id }) => id)
      : [application];
  const all: Listed[] = [];
  for (const applicationId of applications) {
    const subscriptions = valueOf(
      await everyItem(client, 'subscriptions_list', { path: { ...path, application: applicationId } }),
      url,
    );
    for (const { id } of subscriptions) all.push(...(await ofSubscription(id, applicationId)));
  }
  return all;
}
