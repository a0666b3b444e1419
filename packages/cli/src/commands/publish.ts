// `publish` and `rollback`: what gateways serve.
import { placeOptions, type Command } from '../command.js';
import { usage, valueOf } from '../stop.js';
import { follow, waitMsOf, waitOptions } from './follow-revision.js';

export const publish: Command = {
  name: 'publish',
  summary: 'make the draft live, and with --wait see every gateway apply it',
  about:
    'Publishes the draft of an environment as a revision. An unchanged draft answers with the revision that is live. A gateway that refuses an object serves all others.',
  arguments: [],
  options: [...waitOptions, ...placeOptions],
  examples: [
    { line: 'sluice publish --wait --comment "orders v2 for everybody"', about: 'returns when it is everywhere' },
  ],
  run: async (context) => {
    const waitMs = waitMsOf(context);
    const place = await context.place();
    const comment = context.option('comment') ?? '';
    const asked = place.client.call('revisions_publish', { path: place.path, body: { comment } });
    return follow(context, place, valueOf(await context.waiting('Publishing', asked), place.url), waitMs);
  },
};

export const rollback: Command = {
  name: 'rollback',
  summary: 'publish an earlier revision again',
  about:
    'Makes an earlier revision live again, as a new one. The draft stays as it is, and so do the weights in force. Without a number it is the revision before the live one.',
  arguments: [{ name: 'revision', about: 'its number; the one before the live one without it', isRequired: false }],
  options: [...waitOptions, ...placeOptions],
  examples: [
    { line: 'sluice rollback --wait', about: 'undo the last publication' },
    { line: 'sluice rollback 12 --comment "12 was good"', about: 'back to r12' },
  ],
  run: async (context) => {
    const waitMs = waitMsOf(context);
    const given = context.argument('revision')?.replace(/^r/, '');
    if (given !== undefined && !/^[1-9]\d{0,8}$/.test(given))
      throw usage(`A revision is a number, such as 12 or r12, not "${given}".`);
    const place = await context.place();
    const { client, path, url } = place;
    const number = given ?? String(await before(place));
    const comment = context.option('comment');
    const body = comment === undefined ? {} : { comment };
    const asked = client.call('revisions_republish', { path: { ...path, number }, body });
    return follow(context, place, valueOf(await context.waiting(`Publishing r${number} again`, asked), url), waitMs);
  },
};

async function before({
  client,
  path,
  url,
  environment,
}: Awaited<ReturnType<Parameters<Command['run']>[0]['place']>>): Promise<number> {
  const { live } = valueOf(await client.call('environments_read', { path }), url);
  if (live === null || live.revision < 2)
    throw usage(`${environment} has no revision before the live one. \`sluice status\` shows what is live.`);
  return live.revision - 1;
}
