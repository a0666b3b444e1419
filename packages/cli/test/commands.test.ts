// Each command against a real control plane: what it does there, what it prints, and how it ends.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '@sluice/local-stack';
import { parse, stringify } from 'yaml';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answer, keepLive, type Published } from './support/gateway.js';
import { startWorld, type World } from './support/world.js';

interface Document {
  sluice: number;
  upstreams: Record<string, { targets: { url: string }[] }>;
  apis: Record<string, { routes: { match: { priority?: number } }[] }>;
  plans: Record<string, object>;
}
interface Revision extends Published {
  hash: string;
  comment: string;
  isApplied: boolean;
}
interface Status {
  environment: { live: { revision: number; hash: string } | null; hasUnpublishedChanges: boolean };
  revision: Revision | null;
}

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world.stop();
});

const dump = async (...args: string[]): Promise<Document> => world.json(['dump', ...args]);
const newest = async (): Promise<Published | undefined> => {
  const { items } = await world.tenant.owner.ask<{ items: Published[] }>('GET', `${world.tenant.base}/revisions`);
  return items[0];
};

test('dump writes YAML for people and JSON for programs, of the draft and of a revision', async () => {
  const yaml = await world.run(['dump']);
  expect(yaml.code).toBe(0);
  const document = parse(yaml.stdout) as Document;
  expect(document).toMatchObject({ sluice: 1, apis: { orders: {} } });
  expect(await dump()).toEqual(document);
  expect(await dump('--revision', 'live')).toEqual(document);
  const written = await world.run(['dump', '--output', 'dumped.yaml']);
  expect(written).toMatchObject({ code: 0, stdout: '', stderr: 'Written to dumped.yaml.\n' });
  expect(parse(await readFile(join(world.folder.path, 'dumped.yaml'), 'utf8'))).toEqual(document);
});

test('a dumped document is valid, differs in nothing, and changes nothing when it is synced', async () => {
  const { stdout } = await world.run(['dump']);
  expect(await world.run(['validate', '-'], { stdin: stdout })).toMatchObject({ code: 0, stdout: 'stdin is valid.\n' });
  expect(await world.run(['diff', '-', '--exit-code'], { stdin: stdout })).toMatchObject({
    code: 0,
    stdout: 'No differences.\n',
  });
  expect(await world.json(['sync', '-'], { stdin: stdout })).toMatchObject({ changes: [], isDryRun: false });
});

test('diff shows each object that would change, changes nothing, and ends with 5 where that is asked for', async () => {
  const document = await dump();
  const changed = structuredClone(document);
  changed.upstreams['added'] = { targets: [{ url: 'http://users.example.com' }] };
  const route = changed.apis['orders']?.routes[0];
  if (route !== undefined) route.match.priority = 7;
  changed.plans = {};
  const stdin = stringify(changed);
  const text = await world.run(['diff', '-', '--exit-code'], { stdin });
  expect(text.code).toBe(5);
  expect(text.stdout).toContain('+ upstream added\n');
  expect(text.stdout).toMatch(/~ route orders\/\S+\n {4}\+ \/match\/priority: 7\n/);
  expect(text.stdout).toContain('- plan free\n');
  expect(text.stdout).toMatch(/\n1 added, 1 changed, 1 removed\n$/);
  const applied = await world.json<{ changes: { change: string }[] }>(['diff', '-', '--mode', 'apply'], { stdin });
  expect(applied.changes.map(({ change }) => change).toSorted()).toEqual(['added', 'changed']);
  expect(await dump()).toEqual(document);
});

test('apply adds what it names and leaves the rest; sync removes it; a dry run does neither', async () => {
  const before = await dump();
  const part = stringify({ sluice: 1, upstreams: { extra: { targets: [{ url: 'http://extra.example.com' }] } } });
  await writeFile(join(world.folder.path, 'part.yaml'), part);
  const dry = await world.json<{ isDryRun: boolean; changes: object[] }>(['apply', 'part.yaml', '--dry-run']);
  expect(dry).toMatchObject({ isDryRun: true, changes: [{ change: 'added', kind: 'upstream', name: 'extra' }] });
  expect(await dump()).toEqual(before);
  const applied = await world.run(['apply', 'part.yaml']);
  expect(applied).toMatchObject({ code: 0, stderr: '' });
  expect(applied.stdout).toContain('The draft of acme/production is changed');
  expect(Object.keys((await dump()).upstreams).toSorted()).toEqual(
    [...Object.keys(before.upstreams), 'extra'].toSorted(),
  );
  const synced = await world.json<{ changes: object[]; etag: string }>(['sync', '-'], { stdin: stringify(before) });
  expect(synced.changes).toMatchObject([{ change: 'removed', kind: 'upstream', name: 'extra' }]);
  expect(await dump()).toEqual(before);
});

test('a change that is based on what is past is refused, and told as such', async () => {
  const stdin = stringify(await dump());
  const refused = await world.run(['sync', '-', '--if-match', '"past"'], { stdin });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('(precondition_failed)');
});

test('a document that is not valid is refused with file, line, pointer and remedy, and the same as JSON', async () => {
  const text = 'sluice: 1\nupstreams:\n  users:\n    targets:\n      - url: ftp://users.example.com\n';
  await writeFile(join(world.folder.path, 'bad.yaml'), text);
  for (const command of ['validate', 'diff', 'apply', 'sync']) {
    const { code, stderr, stdout } = await world.run([command, 'bad.yaml']);
    expect({ command, code, stdout }).toEqual({ command, code: 1, stdout: '' });
    expect(stderr, command).toContain('(invalid_document)');
    expect(stderr, command).toContain('bad.yaml:5:9 /upstreams/users/targets/0/url');
  }
  const { code, stdout, stderr } = await world.run(['apply', 'bad.yaml', '--json']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      code: 'invalid_document',
      exitCode: 1,
      requestId: expect.stringMatching(/^req_/) as unknown,
      errors: [{ pointer: '/upstreams/users/targets/0/url', line: 5, column: 9 }],
    },
  });
});

test('publish --wait ends when every live gateway has applied it', async () => {
  await keepLive(world, 'gw_1');
  const document = await dump();
  document.upstreams['second'] = { targets: [{ url: 'http://second.example.com' }] };
  await world.json(['sync', '-'], { stdin: stringify(document) });
  const before = await newest();
  const run = world.json<Revision>(['publish', '--wait-seconds', '60', '--comment', 'second']);
  const revision = await waitFor(
    async () => {
      const now = await newest();
      return now?.number === before?.number ? undefined : now;
    },
    { what: 'the revision is published' },
  );
  await answer(world, 'gw_1', revision);
  expect(await run).toMatchObject({ number: revision.number, comment: 'second', isApplied: true });
  const { environment, revision: shown } = await world.json<Status>(['status']);
  expect(environment).toMatchObject({ live: { revision: revision.number }, hasUnpublishedChanges: false });
  expect(shown).toMatchObject({ receipts: [{ gatewayId: 'gw_1', state: 'applied' }] });
  const { stdout } = await world.run(['status']);
  expect(stdout).toContain(`live r${revision.number}`);
  expect(stdout).toMatch(/gw_1 +applied/);
});

test('publish --wait ends with 6 when a gateway refuses a part, and when time is up', async () => {
  await keepLive(world, 'gw_1');
  const revision = await newest();
  if (revision === undefined) throw new Error('nothing is published');
  await answer(world, 'gw_1', revision, [{ object: 'upstreams/second', code: 'regex_unusable', detail: 'no use' }]);
  const refused = await world.run(['publish', '--wait']);
  expect(refused.code).toBe(6);
  expect(refused.stdout).toContain('upstreams/second: no use');
  expect(refused.stderr).toContain('refuse a part');
  await keepLive(world, 'gw_2');
  const late = await world.run(['publish', '--wait-seconds', '1', '--json']);
  expect(late.code).toBe(6);
  expect(JSON.parse(late.stdout)).toMatchObject({ isApplied: false });
});

test('rollback publishes an earlier revision again, the one before by itself', async () => {
  const third = stringify({ sluice: 1, upstreams: { third: { targets: [{ url: 'http://third.example.com' }] } } });
  await world.json(['apply', '-'], { stdin: third });
  await world.json(['publish']);
  const live = await newest();
  const back = await world.json<Revision>(['rollback']);
  expect(back.number).toBe((live?.number ?? 0) + 1);
  const named = await world.json<Revision>(['rollback', `r${live?.number ?? 0}`, '--comment', 'it was good']);
  expect(named).toMatchObject({ number: back.number + 1, comment: 'it was good' });
  expect(named.hash).not.toBe(back.hash);
  const none = await world.run(['rollback', '999']);
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('(not_found)');
  await world.tenant.owner.ask('POST', '/v1/tenants/acme/environments', { name: 'empty' });
  expect(await world.run(['rollback', '-e', 'empty'])).toMatchObject({ code: 2 });
  expect((await world.run(['status', '-e', 'empty'])).stdout).toContain('nothing is published yet');
});

test('what is dumped, synced onto an empty environment and published has the same hash', async () => {
  await world.tenant.owner.ask('POST', '/v1/tenants/acme/environments', { name: 'copy' });
  const { stdout } = await world.run(['dump', '--revision', 'live']);
  await world.json(['sync', '-', '-e', 'copy'], { stdin: stdout });
  const copied = await world.json<Revision>(['publish', '-e', 'copy']);
  expect(copied.hash).toBe((await world.json<Status>(['status'])).environment.live?.hash);
});

test('keys are created, listed and revoked; the key alone is on standard output', async () => {
  const subscription = world.tenant.values['subscription'] ?? '';
  const created = await world.run(['keys', 'create', 'ci', '--subscription', subscription, '--expires-in-days', '7']);
  expect(created.code).toBe(0);
  expect(created.stdout).toMatch(/^slc_[0-9a-f]{40}_[0-9a-f]{8}\n$/);
  const { items } = await world.json<{ items: { id: string; name: string; state: string }[] }>(['keys', 'list']);
  const key = items.find(({ name }) => name === 'ci');
  expect(key).toMatchObject({ state: 'active', subscriptionId: subscription });
  expect(JSON.stringify(items)).not.toContain(created.stdout.trim());
  expect(await world.json(['keys', 'revoke', key?.id ?? ''])).toMatchObject({ revoked: 1 });
  const listed = await world.run(['keys', 'list', '--subscription', subscription]);
  expect(listed.stdout).toMatch(new RegExp(`^${key?.id ?? ''} +ci +\\S+ +revoked `, 'm'));
  expect(await world.run(['keys', 'create', 'ci'])).toMatchObject({ code: 2 });
});

test('a part is dumped, compared and synced by a tag, and a dumped part is synced as one without a word', async () => {
  const part = { sluice: 1, upstreams: { ours: { targets: [{ url: 'http://ours.example.com' }] } } };
  const synced = await world.json<{ changes: object[] }>(['sync', '-', '--tag', 'team-a'], { stdin: stringify(part) });
  expect(synced.changes).toMatchObject([{ change: 'added', kind: 'upstream', name: 'ours' }]);
  await world.run(['dump', '--tag', 'team-a', '-o', 'part.yaml']);
  const dumped = parse(await readFile(join(world.folder.path, 'part.yaml'), 'utf8')) as Document;
  expect(dumped).toMatchObject({ scope: { tags: ['team-a'] }, upstreams: { ours: { tags: ['team-a'] } } });
  expect((await world.run(['dump', '--tag', 'team-b'])).stderr).toContain('nothing carries these tags');
  const before = await dump();
  for (const args of [
    ['diff', 'part.yaml', '--exit-code'],
    ['sync', 'part.yaml'],
    ['validate', 'part.yaml'],
  ])
    expect(await world.run(args)).toMatchObject({ code: 0, stderr: '' });
  expect(await dump()).toEqual(before);
  const taken = { sluice: 1, upstreams: { 'orders-v1': part.upstreams.ours } };
  const refused = await world.run(['sync', '-', '--tag', 'team-a'], { stdin: stringify(taken) });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('stdin:3:3 /upstreams/orders-v1');
  await world.json(['sync', '-', '--tag', 'team-a'], { stdin: 'sluice: 1' });
  expect((await dump()).upstreams).not.toHaveProperty('ours');
  expect(Object.keys((await dump()).upstreams)).toHaveLength(Object.keys(before.upstreams).length - 1);
});

test('validate takes what a part refers to elsewhere as there, and nothing else', async () => {
  const part = (upstream: string): string => `sluice: 1
scope: { tags: [team-a] }
apis:
  cart:
    title: Cart
    routes:
      - name: cart
        match: { path: { prefix: ${upstream === 'elsewhere' ? '/cart' : '/a/../b'} } }
        split: { arms: [{ name: stable, upstream: elsewhere, weight: 10000 }] }
plans:
  free: { title: Free, apis: [cart, theirs], limits: [] }
`;
  expect(await world.run(['validate', '-'], { stdin: part('elsewhere') })).toMatchObject({ code: 0 });
  expect(await world.run(['validate', '-'], { stdin: part('other') })).toMatchObject({ code: 1 });
});

test('promote shows what would change, copies into the draft, and makes it live', async () => {
  await world.tenant.owner.ask('POST', '/v1/tenants/acme/environments', { name: 'next' });
  const dry = await world.run(['promote', 'production', 'next', '--dry-run']);
  expect(dry.stdout).toContain('Nothing was changed: this was a dry run.');
  expect(await dump('-e', 'next')).toMatchObject({ apis: {} });
  const copied = await world.run(['promote', 'production', 'next']);
  expect(copied).toMatchObject({ code: 0, stderr: '' });
  expect(copied.stdout).toContain('`sluice publish --wait -e next` makes it live');
  const { environment } = await world.json<Status>(['status']);
  const published = await world.json<{ revision: Revision; source: object }>([
    'promote',
    'production',
    'next',
    '--publish',
  ]);
  expect(published).toMatchObject({
    source: { environment: 'production', revision: environment.live?.revision },
    revision: { number: 1, hash: environment.live?.hash, comment: expect.stringContaining('Promoted') as unknown },
  });

  // Somebody works on the draft.
  const own = stringify({ sluice: 1, upstreams: { own: { targets: [{ url: 'http://own.example.com' }] } } });
  await world.json(['apply', '-', '-e', 'next'], { stdin: own });
  const lost = await world.run(['promote', 'production', 'next']);
  expect(lost).toMatchObject({ code: 1, stdout: '' });
  expect(lost.stderr).toContain('(state_conflict)');
  expect(lost.stderr).toContain('--overwrite');
  expect(await world.run(['promote', 'production', 'next', '--overwrite'])).toMatchObject({ code: 0 });
  expect((await dump('-e', 'next')).upstreams).not.toHaveProperty('own');
  expect(await world.run(['promote', 'nowhere', 'next'])).toMatchObject({ code: 1 });
});

test('subscriptions are listed with their applications, by the ids that keys take', async () => {
  const { subscription = '', application = '' } = world.tenant.values;
  const { items } = await world.json<{ items: object[] }>(['subscriptions']);
  expect(items).toContainEqual(expect.objectContaining({ id: subscription, applicationId: application, plan: 'free' }));
  expect((await world.run(['subscriptions'])).stdout).toMatch(
    new RegExp(`^${subscription} +free +active +${application} `, 'm'),
  );
});

test('a key is rotated with an overlap or at once; the new key alone is on standard output', async () => {
  const subscription = world.tenant.values['subscription'] ?? '';
  const { id, key } = await world.json<{ id: string; key: string }>([
    'keys',
    'create',
    'old',
    '--subscription',
    subscription,
  ]);
  const rotated = await world.run(['keys', 'rotate', id, '--overlap-hours', '48']);
  expect(rotated.code).toBe(0);
  expect(rotated.stdout).toMatch(/^slc_[0-9a-f]{40}_[0-9a-f]{8}\n$/);
  expect(rotated.stdout.trim()).not.toBe(key);
  expect(rotated.stderr).toContain(`${id} goes on until `);
  const { former } = await world.json<{ former: { state: string } }>(['keys', 'rotate', id, '--overlap-hours', '0']);
  expect(former).toMatchObject({ state: 'revoked' });
  expect(await world.run(['keys', 'rotate', id])).toMatchObject({ code: 1 });
});

test('keys of another system are imported as hashes, in clear never sent, and what is wrong has its line', async () => {
  const subscription = world.tenant.values['subscription'] ?? '';
  const into = ['--subscription', subscription];
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const list = `# name,hash,hint\none,${hash('legacy-one')},…one\ntwo,${hash('legacy-two')}\n`.replace('…', '');
  const imported = await world.run(['keys', 'import', '-', ...into], { stdin: list });
  expect(imported).toMatchObject({ code: 0, stderr: '' });
  expect(imported.stdout).toMatch(/^key_[0-9a-f]{32} +one/m);
  const clear = await world.json<{ credentials: { hint: string }[] }>(['keys', 'import', '-', '--clear', ...into], {
    stdin: JSON.stringify([{ name: 'three', key: 'legacy-three', scopes: ['read'] }]),
  });
  expect(clear.credentials).toMatchObject([
    { name: 'three', hint: expect.stringContaining('hree') as unknown, scopes: ['read'] },
  ]);
  const lines = 'four,legacy-four\nfive, not-a-hash\n';
  const wrong = await world.run(['keys', 'import', '-', ...into], { stdin: lines });
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toContain('stdin:1 /credentials/0/hash');
  const short = await world.run(['keys', 'import', '-', ...into], { stdin: 'six\n' });
  expect(short).toMatchObject({ code: 2 });
  expect(short.stderr).toContain('stdin:1: This line is not');
});

test('several keys are revoked at once: by their ids, from standard input, and all of a subscription', async () => {
  const subscription = world.tenant.values['subscription'] ?? '';
  const create = async (name: string): Promise<{ id: string; key: string }> =>
    world.json(['keys', 'create', name, '--subscription', subscription]);
  const keys = [await create('a'), await create('b'), await create('c'), await create('d')];
  const [a = '', b = '', c = '', d = ''] = keys.map(({ id }) => id);
  expect(await world.json(['keys', 'revoke', a, b])).toMatchObject({ revoked: 2 });
  expect(await world.json(['keys', 'revoke', '-'], { stdin: `${c}\n${b}\n` })).toMatchObject({ revoked: 1 });
  expect((await world.run(['keys', 'revoke', a])).stdout).toContain('revoked already');
  const missing = await world.run(['keys', 'revoke', d, `key_${'0'.repeat(32)}`]);
  expect(missing.code).toBe(1);
  const pasted = await world.run(['keys', 'revoke', keys[3]?.key ?? '']);
  expect(pasted.code).toBe(2);
  expect(pasted.stderr).not.toContain(keys[3]?.key);
  const { revoked } = await world.json<{ revoked: number }>(['keys', 'revoke', '--subscription', subscription]);
  expect(revoked).toBeGreaterThan(0);
  const { items } = await world.json<{ items: { state: string }[] }>(['keys', 'list', '--subscription', subscription]);
  expect(items.filter(({ state }) => state === 'active')).toEqual([]);
  for (const line of [
    ['keys', 'revoke'],
    ['keys', 'revoke', d, '--subscription', subscription],
  ])
    expect(await world.run(line)).toMatchObject({ code: 2 });
});

test('a secret is set from standard input and never shown again', async () => {
  const set = await world.run(['secrets', 'set', 'orders-hmac'], { stdin: 'planted-cli-secret\n' });
  expect(set).toMatchObject({ code: 0, stdout: 'secret:orders-hmac is set, version 1.\n' });
  expect(await world.run(['secrets', 'set', 'orders-hmac'], { stdin: '\n' })).toMatchObject({ code: 2 });
  const listed = await world.run(['secrets', 'list']);
  expect(listed.stdout).toMatch(/orders-hmac +1 .+ nothing/);
  expect(JSON.stringify([set, listed])).not.toContain('planted-cli-secret');
  expect(await world.run(['secrets', 'delete', 'orders-hmac'])).toMatchObject({ code: 0 });
  expect(await world.json(['secrets', 'list'])).toMatchObject({ items: [{ name: 'furnished' }] });
});

test('a host is claimed with the record to set, proven once that is found, and released', async () => {
  const host = 'shop.acme.test';
  const name = `_sluice-challenge.${host}`;
  const claimed = await world.run(['hosts', 'claim', host]);
  expect(claimed.code).toBe(0);
  expect(claimed.stdout).toContain(`${host}: pending, not served\n`);
  const value = /sluice-challenge=[0-9a-f]+/.exec(claimed.stdout)?.[0] ?? '';
  expect(claimed.stdout).toContain(`  TXT  ${name}  ${value}\n`);
  const early = await world.run(['hosts', 'verify', host]);
  expect(early.code).toBe(1);
  expect(early.stdout).toContain('no such record');
  world.dns.texts.set(name, [value]);
  expect(await world.json(['hosts', 'verify', host])).toMatchObject({ host, state: 'proven', isServed: true });
  const shown = await world.run(['hosts', 'show', host]);
  expect(shown).toMatchObject({
    code: 0,
    stdout: `${host}: proven, served once the environment is published\n  TXT  ${name}  ${value}\n`,
  });
  const listed = await world.run(['hosts', 'list']);
  expect(listed.stdout).toMatch(/^shop\.acme\.test +proven +yes +\S+ +its record$/m);
  expect(await world.run(['hosts', 'release', host])).toMatchObject({ code: 0, stdout: `${host} is released.\n` });
  expect(await world.run(['hosts', 'show', host])).toMatchObject({ code: 1 });
});
