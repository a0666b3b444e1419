// Where an environment stands: what is live, who has applied it, and whether there is more in the draft.
import { everyItem, type Schemas } from '@sluice/api-client';
import { placeOptions, type Command } from '../command.js';
import { printable } from '../io.js';
import { valueOf } from '../stop.js';
import { revisionText } from './follow-revision.js';

export const status: Command = {
  name: 'status',
  summary: 'show the live revision, its receipts and the gateways',
  about:
    'Shows an environment: its address, the live revision with the answer of each gateway, and whether the draft differs. Gateways that are silent (not heard of for 15 seconds) or stale (heard of, and without the live revision) are named.',
  arguments: [],
  options: placeOptions,
  examples: [{ line: 'sluice status --json | jq .revision.receipts', about: 'the receipts, for a program' }],
  run: async (context) => {
    const { client, path, url, tenant } = await context.place();
    const asked = Promise.all([
      client.call('environments_read', { path }),
      everyItem(client, 'revisions_list', { path }, 50),
      client.call('environmentGateways_list', { path }),
    ]);
    const [one, newest, told] = await context.waiting('Reading', asked);
    const environment = valueOf(one, url);
    const { live, name, publicUrl, hasUnpublishedChanges } = environment;
    const revision = valueOf(newest, url).find(({ number }) => number === live?.revision) ?? null;
    const { items: gateways } = valueOf(told, url);
    context.result({ url, tenant, environment, revision, gateways }, () =>
      [
        `${tenant}/${name} at ${url}\n`,
        `served at ${publicUrl}\n`,
        `draft ${hasUnpublishedChanges ? 'differs from what is live' : live === null ? 'is empty' : 'is what is live'}\n`,
        revision === null ? 'nothing is published yet\n' : `live ${revisionText(revision)}`,
        ...gateways.filter(({ state }) => state !== 'live').map(warningOf),
      ].join(''),
    );
    return 'ok';
  },
};

function warningOf({ id, state, revision, lastHeardAt }: Schemas['EnvironmentGateway']): string {
  const has = revision === null ? 'no revision' : `r${revision}`;
  return state === 'silent'
    ? `silent: ${printable(id)} was heard of last at ${lastHeardAt}, with ${has}; it may be down, or cut off and serve that\n`
    : `stale: ${printable(id)} is there and has ${has}, not what is live\n`;
}
