// Who the command is, and at which control plane.
import { readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sluice, type Ran } from './support/sluice.js';
import { startWorld, type World } from './support/world.js';

let world: World;
let home: { HOME: string };
const file = (): string => join(world.folder.path, '.config', 'sluice', 'config.json');
const run = async (args: string[], env: Record<string, string> = {}, stdin = ''): Promise<Ran> =>
  sluice(args, { env: { ...home, ...env }, stdin, cwd: world.folder.path });

const signIn = async (): Promise<void> => {
  expect((await run(['login', world.plane.url], {}, world.token)).code).toBe(0);
};

beforeAll(async () => {
  world = await startWorld();
  home = { HOME: world.folder.path };
});
afterAll(async () => {
  await world.stop();
});

test('without an address or a token it ends with 4, and says what to do', async () => {
  const nobody = await run(['status']);
  expect(nobody).toMatchObject({ code: 4, stdout: '' });
  expect(nobody.stderr).toContain('sluice login <url>');
  expect((await run(['status'], { SLUICE_URL: world.plane.url })).code).toBe(4);
});

test('login proves a token, keeps it for its owner alone, and shows it nowhere', async () => {
  await rm(file(), { force: true });
  const wrong = await run(['login', world.plane.url], {}, 'slp_wrong\n');
  expect(wrong.code).toBe(4);
  await expect(stat(file())).rejects.toThrow('ENOENT');
  const { code, stdout, stderr } = await run(['login', `${world.plane.url}/`], {}, `${world.token}\n`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('owner@acme.test, tenant acme');
  expect(stdout).not.toContain(world.token);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect((await stat(join(file(), '..'))).mode & 0o777).toBe(0o700);
  expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual({
    url: world.plane.url,
    token: world.token,
    tenant: 'acme',
  });
  expect((await run(['status'])).stdout).toContain('acme/production');
});

test('the environment wins over what login kept', async () => {
  await signIn();
  expect((await run(['status'], { SLUICE_TOKEN: 'slp_other' })).code).toBe(4);
  expect((await run(['status'], { SLUICE_TENANT: 'nobody' })).stderr).toContain('(not_found)');
  expect((await run(['status'], { SLUICE_ENVIRONMENT: 'nowhere' })).stderr).toContain('(not_found)');
  expect((await run(['status', '-e', 'production'], { SLUICE_ENVIRONMENT: 'nowhere' })).code).toBe(0);
});

test('a kept token goes to the address that it was kept for, and to no other', async () => {
  await signIn();
  const asked: (string | undefined)[] = [];
  const server = createServer((req, res) => {
    asked.push(req.headers.authorization);
    res.end('{}');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const other = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await run(['status'], { SLUICE_URL: other })).code).toBe(4);
  server.close();
  expect(asked).toEqual([]);
});

test('XDG_CONFIG_HOME says where it is kept', async () => {
  const folder = join(world.folder.path, 'xdg');
  const { stdout } = await run(['login', world.plane.url, '--json'], { XDG_CONFIG_HOME: folder }, world.token);
  expect(JSON.parse(stdout)).toMatchObject({ file: join(folder, 'sluice', 'config.json'), tenant: 'acme' });
  expect(stdout).not.toContain(world.token);
});

test('nobody at the address ends with 3, a page of somebody else too, and no token is in the message', async () => {
  const env = { SLUICE_URL: 'http://127.0.0.1:9', SLUICE_TOKEN: world.token, SLUICE_TENANT: 'acme' };
  const gone = await run(['status'], env);
  expect(gone.code).toBe(3);
  expect(gone.stderr).toContain('(unreachable)');
  expect(gone.stderr).not.toContain(world.token);
  const server = createServer((_, res) => void res.end('<html>'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stranger = await run(['status'], { ...env, SLUICE_URL: `http://127.0.0.1:${port}` });
  server.close();
  expect(stranger.code).toBe(3);
  expect(stranger.stderr).toContain('(not_a_control_plane)');
});

test('what a role does not allow is refused with 1', async () => {
  const { owner } = world.tenant;
  const accounts = '/v1/tenants/acme/service-accounts';
  const { id } = await owner.ask<{ id: string }>('POST', accounts, { name: 'reader', role: 'viewer' });
  const { token } = await owner.ask<{ token: string }>('POST', `${accounts}/${id}/tokens`, { name: 'ci' });
  const env = { SLUICE_URL: world.plane.url, SLUICE_TOKEN: token };
  expect((await run(['status'], env)).stdout).toContain('acme/production');
  const refused = await run(['publish'], env);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('(forbidden)');
});

test('logout forgets the token, and with --revoke ends it', async () => {
  const { token } = await world.tenant.owner.ask<{ token: string }>('POST', '/v1/me/tokens', { name: 'short' });
  await run(['login', world.plane.url], {}, token);
  expect(await run(['logout', '--revoke', '--json'])).toMatchObject({ code: 0 });
  await expect(stat(file())).rejects.toThrow('ENOENT');
  expect((await run(['status'], { SLUICE_URL: world.plane.url, SLUICE_TOKEN: token })).code).toBe(4);
  expect((await run(['logout'])).stdout).toBe('Nobody was signed in.\n');
});
