// Every case of the corpus against a real gateway and an upstream that takes down each byte: what the client sees, what the
// upstream sees, and that nothing reaches it that the gateway has not recorded.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { host } from '../feed-server.js';
import type { GatewayProcess } from '../gateway-process.js';
import { documentOf, routeTo, Stack } from '../stack.js';
import { cases } from './cases/index.js';
import { RawClient } from './raw-client.js';
import { RawUpstream } from './raw-upstream.js';
import type { WireCase } from './wire-case.js';

// Far beyond any answer here, and far below the bounds of the gateway's own patience.
const patienceMs = 8000;

let stack: Stack;
let gateway: GatewayProcess;
const upstream = new RawUpstream();
/** What the upstream may have seen of each case, by the case's path. */
const allowed = new Map<string, readonly string[]>();

beforeAll(async () => {
  stack = await Stack.start();
  const url = await upstream.start();
  stack.feed.publish(documentOf({ raw: url }, [routeTo('raw', '/c')]));
  gateway = await stack.readyGateway({ THREADS: '1' });
});
afterAll(async () => {
  upstream.stop();
  await stack.stop();
});

interface Outcome {
  readonly sees: readonly number[];
  readonly afterwards: 'closed' | 'kept' | 'waits';
  readonly rest: string;
  readonly upstream: readonly string[];
}

async function outcomeOf(one: WireCase, path: string): Promise<Outcome> {
  const writes = writesOf(one, path);
  const heads = [...writes.join('').matchAll(/(?:^|\n)([A-Z-]+) \S+ HTTP\/1\.[01]\r\n/g)].map(([, method]) => method);
  const client = await RawClient.to(gateway.port, (index) => heads[index] === 'HEAD');
  for (const bytes of writes) await client.write(bytes);
  if (one.isEnded === true) client.end();
  await client.until(one.afterwards === 'closed' ? Infinity : one.sees.length, patienceMs);
  const sees = client.answers.map(({ status }) => status);
  let afterwards: Outcome['afterwards'] = client.isClosed ? 'closed' : 'waits';
  if (one.afterwards === 'kept' && !client.isClosed) {
    await client.write(`GET ${path}/after HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    await client.until(Infinity, patienceMs);
    const after = client.answers.slice(sees.length);
    if (client.isClosed && after.length === 1 && after[0]?.body === `GET ${path}/after 0`) afterwards = 'kept';
  }
  client.destroy();
  return { sees, afterwards, rest: client.rest, upstream: seenOf(path) };
}

function writesOf({ send, cut }: WireCase, path: string): string[] {
  const writes = (typeof send === 'string' ? [send] : send).map((text) => text.replaceAll('{p}', path));
  if (cut === undefined) return writes;
  const whole = writes.join('');
  return Array.from({ length: Math.ceil(whole.length / cut) }, (_, index) =>
    whole.slice(index * cut, (index + 1) * cut),
  );
}

const seenOf = (path: string): string[] =>
  upstream.seen
    .filter((seen) => seen.path === path || seen.path.startsWith(`${path}/`) || seen.path.startsWith(`${path}?`))
    .map(
      ({ method, path: seenPath, body }) =>
        `${method} ${seenPath.replace(path, '{p}')}${body === '' ? '' : ` ${body}`}`,
    )
    .filter((line) => line !== 'GET {p}/after');

describe.each(Object.entries(cases))('%s', (group, all) => {
  test.each(all.map((one, index) => [one.name, one.clause, one, index] as const))(
    '%s (%s)',
    async (_name, _clause, one, index) => {
      const path = `/c/${group.replaceAll(/[^a-z]/g, '')}-${index}`;
      const { sees, afterwards, upstream: wanted } = one;
      allowed.set(path, wanted);
      expect(await outcomeOf(one, path)).toEqual({ sees, afterwards, rest: '', upstream: wanted });
      const first = upstream.seen.find((seen) => seen.path === path || seen.path.startsWith(`${path}/`));
      for (const line of one.has ?? []) expect(`${first?.head}\r\n`).toContain(`${line}\r\n`);
      for (const pattern of one.lacks ?? []) expect(first?.head).not.toMatch(pattern);
    },
  );
});

test('the corpus has what was promised: three hundred cases at least, each with a clause and a name of its own', () => {
  const all = Object.values(cases).flat();
  expect(all.length).toBeGreaterThanOrEqual(300);
  expect(all.filter(({ clause }) => clause === '')).toEqual([]);
  for (const group of Object.values(cases)) {
    const names = group.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  }
});

test('the upstream never sees a request that it cannot read to the letter, or that the gateway did not record', async () => {
  expect(upstream.complaints).toEqual([]);
  expect(upstream.seen.length).toBeGreaterThan(100);
  expect(await gateway.stop()).toBe(0);
  // Nothing has come behind the answer either.
  const late = [...allowed].filter(([path, wanted]) => seenOf(path).join('\n') !== wanted.join('\n'));
  expect(late.map(([path]) => [path, seenOf(path)])).toEqual([]);
  const records = stack.spooled().join('\n').replaceAll('-', '');
  const unrecorded = upstream.begun.filter((head) => {
    const id = /\r\nx-sluice-request-id: req_([0-9a-f]{32})/.exec(head)?.[1];
    return id === undefined || records.split(id).length !== 2;
  });
  expect(unrecorded).toEqual([]);
});
