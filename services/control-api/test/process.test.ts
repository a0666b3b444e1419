// The process as a whole: a wrong environment, and what it answers when a part that it needs is away.
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { waitFor } from '@sluice/local-stack';
import type { Problem } from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAnother } from './support/another-process.js';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
let plane: ControlPlane;
let tenant: FurnishedTenant;

beforeAll(async () => {
  plane = await startControlPlane();
  tenant = await furnishTenant(plane, 'acme');
});
afterAll(async () => {
  await plane.stop();
});

async function runWith(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return { code: child.exitCode, stderr };
}

test('an empty environment names everything that is missing, and ends the process with 78', async () => {
  const { code, stderr } = await runWith({});
  expect(code).toBe(78);
  for (const name of [
    'DATABASE_URL',
    'AUTH_DATABASE_URL',
    'FEED_DATABASE_URL',
    'CLICKHOUSE_URL',
    'AUTH_SECRET',
    'SECRET_KEYS',
    'FLEET_TOKEN',
    'MAIL_URL',
  ]) {
    expect(stderr).toMatch(new RegExp(`^  ${name}: is missing; set it to`, 'm'));
  }
});

test('wrong values are named without being shown', async () => {
  const { code, stderr } = await runWith({
    ...plane.env,
    AUTH_SECRET: 'too-short-secret',
    SECRET_KEYS: 'too-short-key',
    PORTAL_URL: 'http://no-placeholder.test',
    PORT: 'http',
    DEMO_UPSTREAM_URLS: 'http://one.test',
  });
  expect(code).toBe(78);
  for (const name of ['AUTH_SECRET', 'SECRET_KEYS', 'PORTAL_URL', 'PORT', 'DEMO_UPSTREAM_URLS'])
    expect(stderr).toContain(`  ${name}: `);
  expect(stderr).not.toContain('too-short-secret');
  expect(stderr).not.toContain('too-short-key');
  expect(stderr).not.toContain('DATABASE_URL:');
});

test('a role that stands above row-level security is refused with 78', async () => {
  const { code, stderr } = await runWith({ ...plane.env, DATABASE_URL: plane.postgresUrl });
  expect(code).toBe(78);
  expect(stderr).toContain('superuser');
});

test('health and metrics stand on a port of their own, without tenants in them', async () => {
  expect((await fetch(`${plane.opsUrl}/healthz`)).status).toBe(200);
  expect((await fetch(`${plane.opsUrl}/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`${plane.opsUrl}/metrics`)).text();
  expect(metrics).toContain('route="/v1/tenants/:tenant/environments/:environment/first-run"');
  expect(metrics).not.toContain('acme');
});

test('without ClickHouse the numbers say so, and everything else goes on', async () => {
  const answer = await tenant.owner.send<Problem>('GET', `${tenant.base}/usage`);
  expect(answer).toMatchObject({ status: 503, body: { code: 'analytics_unavailable' } });
  expect(answer.headers.get('retry-after')).toBe('5');
  expect((await tenant.owner.send('GET', tenant.base)).status).toBe(200);
});

test('an answer about a failure leaks nothing of the inside', async () => {
  const answer = await tenant.owner.send<Problem>('GET', `${tenant.base}/usage`);
  expect(JSON.stringify(answer.body)).not.toMatch(/ECONN|127\.0\.0\.1|clickhouse|at \//i);
});

test('SIGTERM ends it in order', async () => {
  const other = await startAnother(plane);
  expect((await other.process.stop()).code).toBe(0);
});

// The last, because Postgres does not come back.
test('without Postgres it is not ready, answers that a part is away, and lives on', async () => {
  await plane.stopPostgres();
  await waitFor(async () => (await fetch(`${plane.opsUrl}/readyz`)).status === 503, {
    what: 'readyz sees that Postgres is away',
  });
  const res = await fetch(`${plane.url}/v1/portal/acme`);
  const problem = (await res.json()) as Problem;
  expect({ status: res.status, code: problem.code }).toEqual({ status: 503, code: 'unavailable' });
  expect(problem.detail).not.toMatch(/ECONN|127\.0\.0\.1|postgres/i);
  expect(plane.process.isRunning()).toBe(true);
});
