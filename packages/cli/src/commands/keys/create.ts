// A new key.
import { randomUUID } from 'node:crypto';
import { placeOptions, type Command } from '../../command.js';
import { given } from '../../given.js';
import { valueOf } from '../../stop.js';
import { expectSubscription, expiryOf, expiryOption, scopesOf, scopesOption, subscriptionOption } from './options.js';

export const keysCreate: Command = {
  name: 'keys create',
  summary: 'create a key, which is shown this once',
  about:
    'Creates a key of a subscription. The key is the only line on standard output, and is never shown again; everything else goes to standard error.',
  arguments: [{ name: 'name', about: 'what people call it', isRequired: true }],
  options: [subscriptionOption, expiryOption, scopesOption, ...placeOptions],
  examples: [{ line: 'KEY=$(sluice keys create ci --subscription sub_…)', about: 'into a variable' }],
  run: async (context) => {
    const subscription = expectSubscription(context);
    const settings = given({ scopes: scopesOf(context), expiresAt: expiryOf(context) });
    const body = { name: context.argument('name') ?? '', ...settings };
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
