// A new key in the place of one, which goes on for a while.
import { randomUUID } from 'node:crypto';
import { placeOptions, type Command, type Context } from '../../command.js';
import { given } from '../../given.js';
import { usage, valueOf } from '../../stop.js';
import { expiryOf, expiryOption } from './options.js';

export const keysRotate: Command = {
  name: 'keys rotate',
  summary: 'replace a key; the old one goes on for a while',
  about:
    'Makes a new key of the same subscription, with the scopes of the old one, which goes on for a day, or for as long as --overlap-hours says. The new key is the only line on standard output, and is never shown again.',
  arguments: [{ name: 'key', about: 'its id: key_ and 32 hex digits', isRequired: true }],
  options: [
    {
      name: 'overlap-hours',
      value: 'hours',
      about: 'how long the old key goes on, 24 without it, 2160 at most; 0 revokes it at once',
    },
    { ...expiryOption, about: 'the new key is refused from then on; never without it' },
    ...placeOptions,
  ],
  examples: [
    { line: 'NEW=$(sluice keys rotate key_…)', about: 'a day to change it over' },
    { line: 'sluice keys rotate key_… --overlap-hours 0', about: 'the old one has leaked' },
  ],
  run: async (context) => {
    const body = given({ overlapMs: overlapOf(context), expiresAt: expiryOf(context) });
    const credential = context.argument('key') ?? '';
    const { client, path, url } = await context.place();
    const asked = client.call('credentials_rotate', {
      path: { ...path, credential },
      body,
      idempotencyKey: randomUUID(),
    });
    const rotated = valueOf(await context.waiting('Rotating the key', asked), url);
    const { former } = rotated;
    const end = former.state === 'revoked' ? 'is revoked' : `goes on until ${former.expiresAt ?? 'it is revoked'}`;
    context.say(`${rotated.id} is made; ${former.id} ${end}. Keep the key below: it is shown this once.\n`);
    context.result(rotated, () => `${rotated.key}\n`);
    return 'ok';
  },
};

function overlapOf(context: Context): number | undefined {
  const hours = context.option('overlap-hours');
  if (hours === undefined) return undefined;
  if (!/^\d{1,4}$/.test(hours))
    throw usage(`--overlap-hours takes a whole number of hours, 2160 at most, not "${hours}".`);
  return Number(hours) * 3_600_000;
}
