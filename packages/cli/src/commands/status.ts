// Where an environment stands: what is live, who has applied it, and whether there is more in the draft.
import { everyItem } from '@sluice/api-client';
import { placeOptions, type Command } from '../command.js';
import { valueOf } from '../stop.js';
import { revisionText } from './follow-revision.js';

export const status: Command = {
  name: 'status',
  summary: 'show the live revision, its receipts and the gateways',
  about:
    'Shows an environment: its address, the live revision with the answer of each gateway, and whether the draft differs.',
  arguments: [],
  options: placeOptions,
  examples: [{ line: 'sluice status --json | jq .revision.receipts', about: 'the receipts, for a program' }],
  run: async (context) => {
    const { client, path, url, tenant } = await context.place();
    const asked = Promise.all([
      client.call('environments_read', { path }),
      everyItem(client, 'revisions_list', { path }, 50),
    ]);
    const [one, newest] = await context.waiting('Reading', asked);
    const environment = valueOf(one, url);
    const { live, name, publicUrl, hasUnpublishedChanges } = environment;
    const revision = valueOf(newest, url).find(({ number }) => number === live?.revision) ?? null;
    context.result({ url, tenant, environment, revision }, () =>
      [
        `${tenant}/${name} at ${url}\n`,
        `served at ${publicUrl}\n`,
        `draft ${hasUnpublishedChanges ? 'differs from what is live' : live === null ? 'is empty' : 'is what is live'}\n`,
        revision === null ? 'nothing is published yet\n' : `live ${revisionText(revision)}`,
      ].join(''),
    );
    return 'ok';
  },
};
