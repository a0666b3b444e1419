// Which keys are there?
import { everyItem, type Schemas } from '@sluice/api-client';
import { placeOptions, type Command } from '../../command.js';
import { table } from '../../output/table.js';
import type { Place } from '../../settings/connection.js';
import { valueOf } from '../../stop.js';
import { applicationOption, subscriptionOption } from './options.js';

type Listed = Schemas['Credential'] & { readonly subscriptionId: string; readonly applicationId: string | null };

export const keysList: Command = {
  name: 'keys list',
  summary: 'list keys, revoked ones too',
  about:
    'Lists the keys of a subscription, of an application, or of all. Of a key only its prefix and its last four are kept.',
  arguments: [],
  options: [subscriptionOption, applicationOption, ...placeOptions],
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
            ['KEY', 'NAME', 'HINT', 'STATE', 'CREATED', 'EXPIRES', 'SUBSCRIPTION'],
            items.map(({ id, name, hint, state, createdAt, expiresAt, subscriptionId }) => [
              id,
              name,
              hint,
              state,
              createdAt,
              expiresAt ?? 'never',
              subscriptionId,
            ]),
          ),
    );
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
