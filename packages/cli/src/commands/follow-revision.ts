// From "published" to "every gateway has it": the receipts of a revision, waited for and shown.
import { everyItem, type Schemas } from '@sluice/api-client';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context, Option } from '../command.js';
import type { ExitName } from '../exit-codes.js';
import { printable } from '../io.js';
import { table } from '../output/table.js';
import type { Place } from '../settings/connection.js';
import { usage, valueOf } from '../stop.js';

type Revision = Schemas['Revision'];

export const waitOptions: readonly Option[] = [
  { name: 'wait', about: 'until every live gateway has answered; 6 when one refuses, or is not done in time' },
  { name: 'wait-seconds', value: 'seconds', about: 'how long to wait, 30 without it; means --wait' },
  { name: 'comment', value: 'text', about: 'why, for those who read the history' },
];

const pollMs = 500;

/** Undefined: nobody wants to wait. */
export function waitMsOf(context: Context): number | undefined {
  const text = context.option('wait-seconds');
  if (text === undefined) return context.has('wait') ? 30_000 : undefined;
  if (!/^\d{1,5}$/.test(text)) throw usage(`--wait-seconds takes a whole number of seconds, not "${text}".`);
  return Number(text) * 1000;
}

/** Prints the revision as it is when all have answered, or time is up. */
export async function follow(
  context: Context,
  place: Place,
  published: Revision,
  waitMs: number | undefined,
): Promise<ExitName> {
  const { revision, exit, note } = await settle(context, place, published, waitMs);
  context.result(revision, () => revisionText(revision));
  context.say(note);
  return exit;
}

export interface Settled {
  readonly revision: Revision & { readonly isApplied: boolean };
  readonly exit: ExitName;
  /** Why it is not applied, for people; empty where it is, or where nobody wanted to wait. */
  readonly note: string;
}

/** The revision as it is when all have answered, or time is up. @param waitMs undefined: at once. */
export async function settle(
  context: Context,
  place: Place,
  published: Revision,
  waitMs: number | undefined,
): Promise<Settled> {
  const isWaiting = waitMs !== undefined;
  const revision = isWaiting
    ? await context.waiting(`Waiting for the gateways to apply r${published.number}`, settled(place, published, waitMs))
    : published;
  const refusals = revision.receipts.filter((receipt) => !isWhole(receipt));
  const isApplied = hasAnswered(revision) && revision.receipts.length > 0 && refusals.length === 0;
  const answered = { ...revision, isApplied };
  if (!isWaiting || isApplied) return { revision: answered, exit: 'ok', note: '' };
  const note =
    revision.liveGateways === 0
      ? 'No gateway is live: nobody has applied it yet.\n'
      : refusals.length > 0
        ? `${refusals.length} of ${revision.receipts.length + revision.awaited.length} gateways refuse a part of it; the other parts are applied.\n`
        : `Time is up. Not answered yet: ${revision.awaited.map(printable).join(', ')}. \`sluice status\` shows who has.\n`;
  return { revision: answered, exit: 'unapplied', note };
}

async function settled({ client, path, url }: Place, published: Revision, waitMs: number): Promise<Revision> {
  const deadline = performance.now() + waitMs;
  let revision = published;
  while (!hasAnswered(revision) && performance.now() < deadline) {
    await delay(Math.min(pollMs, Math.max(0, deadline - performance.now())));
    const newest = valueOf(await everyItem(client, 'revisions_list', { path }, 50), url);
    revision = newest.find(({ number }) => number === published.number) ?? revision;
  }
  return revision;
}

function hasAnswered({ liveGateways, awaited }: Revision): boolean {
  return liveGateways > 0 && awaited.length === 0;
}

/** A gateway that refuses one object applies the others, and its receipt says `applied`: the refusals tell. */
function isWhole({ state, refusals }: Revision['receipts'][number]): boolean {
  return state === 'applied' && refusals.length === 0;
}

export function revisionText(revision: Revision): string {
  const { number, hash, comment, author, createdAt, receipts, awaited } = revision;
  const applied = receipts.filter(isWhole).length;
  return [
    `r${number}  ${createdAt}  ${printable(author)}${comment === '' ? '' : `  ${printable(comment)}`}\n`,
    `hash ${hash}\n`,
    receipts.length + awaited.length === 0
      ? 'no gateway is live: nobody has applied it\n'
      : `applied by ${applied} of ${receipts.length + awaited.length} gateways\n`,
    receipts.length === 0
      ? ''
      : table(
          ['GATEWAY', 'STATE', 'AT', 'REFUSED'],
          receipts.map((receipt) => [
            receipt.gatewayId,
            isWhole(receipt) || receipt.state === 'refused' ? receipt.state : 'in part',
            receipt.at,
            receipt.refusals.map(({ object, detail }) => `${object}: ${detail}`).join('; '),
          ]),
        ),
  ].join('');
}
