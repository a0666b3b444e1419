// Whose keys are there? What `keys` commands take as --subscription and --application.
import { everyItem } from '@sluice/api-client';
import { placeOptions, type Command } from '../command.js';
import { table } from '../output/table.js';
import type { Place } from '../settings/connection.js';
import { valueOf } from '../stop.js';

export const subscriptions: Command = {
  name: 'subscriptions',
  summary: 'list applications with their subscriptions',
  about:
    'Lists each application of an environment with the plans that it is subscribed to. Keys belong to subscriptions.',
  arguments: [],
  options: placeOptions,
  examples: [{ line: 'sluice subscriptions', about: 'the ids that `sluice keys` takes' }],
  run: async (context) => {
    const place = await context.place();
    const items = await context.waiting('Reading subscriptions', listed(place));
    context.result({ items }, () =>
      items.length === 0
        ? 'No application is subscribed to a plan. The portal, or POST .../applications, makes one.\n'
        : table(
            ['SUBSCRIPTION', 'PLAN', 'STATE', 'APPLICATION', 'TITLE', 'DEVELOPER'],
            items.map(({ id, plan, state, applicationId, title, developerEmail }) => [
              id,
              plan,
              state,
              applicationId,
              title,
              developerEmail,
            ]),
          ),
    );
    return 'ok';
  },
};

async function listed({ client, path, url }: Place) {
  const applications = valueOf(await everyItem(client, 'applications_list', { path }), url);
  const all = [];
  for (const { id: application, title, developerEmail } of applications) {
    const own = valueOf(await everyItem(client, 'subscriptions_list', { path: { ...path, application } }), url);
    all.push(...own.map((subscription) => Object.assign({ title, developerEmail }, subscription)));
  }
  return all;
}
