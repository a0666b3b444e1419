// Hosts of one's own: claimed, proven by a TXT record, released.
import { everyItem, type Schemas } from '@sluice/api-client';
import { placeOptions, type Argument, type Command } from '../command.js';
import { table } from '../output/table.js';
import { valueOf } from '../stop.js';

type Claim = Schemas['HostClaim'];

const hostArgument: Argument = {
  name: 'host',
  about: 'api.acme.com, or *.acme.com (in quotes) for every name below',
  isRequired: true,
};

export const hostsClaim: Command = {
  name: 'hosts claim',
  summary: 'claim a host, and see the record that proves it',
  about:
    'Claims a host for an environment and prints the TXT record to set. It is looked for by itself, for a week; `sluice hosts verify` looks at once. Nothing is served before.',
  arguments: [hostArgument],
  options: placeOptions,
  examples: [{ line: 'sluice hosts claim api.acme.com', about: 'the record is set where the DNS of acme.com is kept' }],
  run: async (context) => {
    const host = context.argument('host') ?? '';
    const { client, path, url } = await context.place();
    const asked = client.call('hosts_claim', { path, body: { host } });
    const claim = valueOf(await context.waiting('Claiming the host', asked), url);
    context.result(claim, () => claimText(claim));
    return 'ok';
  },
};

export const hostsShow: Command = {
  name: 'hosts show',
  summary: 'show a claim: its record, and what the last look found',
  about: 'Prints a claim as it is known. Nothing is looked for.',
  arguments: [hostArgument],
  options: placeOptions,
  examples: [{ line: 'sluice hosts show api.acme.com', about: 'which record was it?' }],
  run: async (context) => {
    const host = context.argument('host') ?? '';
    const { client, path, url } = await context.place();
    const asked = client.call('hosts_read', { path: { ...path, host } });
    const claim = valueOf(await context.waiting('Reading the claim', asked), url);
    context.result(claim, () => claimText(claim));
    return 'ok';
  },
};

export const hostsVerify: Command = {
  name: 'hosts verify',
  summary: 'look for the record of a claim now',
  about:
    'Looks for the TXT record of a claim, 20 times a minute at most for all hosts of a tenant. Ends with 1 when that does not prove the host.',
  arguments: [hostArgument],
  options: placeOptions,
  examples: [
    { line: 'sluice hosts verify api.acme.com', about: 'the record is set' },
    { line: 'until sluice hosts verify api.acme.com; do sleep 60; done', about: 'until name servers know of it' },
  ],
  run: async (context) => {
    const host = context.argument('host') ?? '';
    const { client, path, url } = await context.place();
    const asked = client.call('hosts_verify', { path: { ...path, host }, body: {} });
    const claim = valueOf(await context.waiting('Looking for the record', asked), url);
    context.result(claim, () => claimText(claim));
    return claim.state === 'proven' ? 'ok' : 'refused';
  },
};

export const hostsList: Command = {
  name: 'hosts list',
  summary: 'list the hosts that an environment claims',
  about: 'Lists the claims of an environment. The host that is given to it is not among them.',
  arguments: [],
  options: placeOptions,
  examples: [{ line: 'sluice hosts list -e staging', about: 'of another environment' }],
  run: async (context) => {
    const { client, path, url } = await context.place();
    const items = valueOf(await context.waiting('Reading hosts', everyItem(client, 'hosts_list', { path })), url);
    context.result({ items }, () =>
      items.length === 0
        ? 'No hosts are claimed.\n'
        : table(
            ['HOST', 'STATE', 'SERVED', 'LAST LOOK', 'FOUND'],
            items.map(({ host, state, isServed, checkedAt, problem }) => [
              host,
              state,
              isServed ? 'yes' : 'no',
              checkedAt ?? 'never',
              checkedAt === null ? '' : (problem ?? 'its record'),
            ]),
          ),
    );
    return 'ok';
  },
};

export const hostsRelease: Command = {
  name: 'hosts release',
  summary: 'release a host: it is not served any more',
  about:
    'Gives a host up at once: the gateways stop answering at it, and another environment can prove it. A later claim has another record.',
  arguments: [hostArgument],
  options: placeOptions,
  examples: [{ line: 'sluice hosts release api.acme.com', about: 'after it was proven elsewhere, to move it' }],
  run: async (context) => {
    const host = context.argument('host') ?? '';
    const { client, path, url } = await context.place();
    const asked = client.call('hosts_release', { path: { ...path, host } });
    valueOf(await context.waiting('Releasing the host', asked), url);
    context.result({ host, isReleased: true }, () => `${host} is released.\n`);
    return 'ok';
  },
};

const lastLook = {
  missing: 'The name servers know of no such record. One that was set just now may take an hour to be seen.',
  different: 'There is a TXT record of this name, with another value.',
  held: 'The record is there, but the host was proven for another environment before: it has to be released there.',
  unanswered: 'The name servers did not answer, which ends nothing.',
} as const satisfies Record<NonNullable<Claim['problem']>, string>;

function claimText({ host, state, isServed, problem, record, lapsesAt }: Claim): string {
  const facts = [
    `${host}: ${state}, ${isServed ? 'served once the environment is published' : 'not served'}`,
    `  ${record.type}  ${record.name}  ${record.value}`,
  ];
  if (problem !== null) facts.push(lastLook[problem]);
  if (lapsesAt !== null)
    facts.push(`From ${lapsesAt} on it is not served any more, unless the record is found before.`);
  if (state === 'pending' && problem === null)
    facts.push(`Set this record and leave it there; \`sluice hosts verify ${host}\` looks for it.`);
  return `${facts.join('\n')}\n`;
}
