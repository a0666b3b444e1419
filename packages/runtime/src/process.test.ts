import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createLogger, createMetrics, startOpsServer } from './index.js';

const runtime = new URL('../dist/index.js', import.meta.url).href;

async function run(
  script: string,
  env: Record<string, string>,
  act: (child: ReturnType<typeof spawn>) => void,
): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', `import * as r from '${runtime}';${script}`], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let hasActed = false;
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
    if (!hasActed && output.includes('ready')) {
      hasActed = true;
      act(child);
    }
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, output };
}

const drains =
  "r.onShutdown(async () => { console.log('drain ran'); }, { logger: r.createLogger('t'), boundMs: 5000 }); setInterval(() => {}, 1000); console.log('ready');";

test('SIGTERM drains and exits 0', async () => {
  const { status, output } = await run(drains, {}, (child) => child.kill('SIGTERM'));
  expect(status).toBe(0);
  expect(output).toContain('drain ran');
});

test('a parent that dies takes its child with it when SLUICE_EXIT_WITH_PARENT is set', async () => {
  const { status, output } = await run(drains, { SLUICE_EXIT_WITH_PARENT: '1' }, (child) => child.stdin?.end());
  expect(status).toBe(0);
  expect(output).toContain('stdin closed');
});

test('a drain that never ends is ended by its bound, with status 1', async () => {
  const script =
    "r.onShutdown(() => new Promise(() => {}), { logger: r.createLogger('t'), boundMs: 50 }); setInterval(() => {}, 1000); console.log('ready');";
  const { status } = await run(script, {}, (child) => child.kill('SIGTERM'));
  expect(status).toBe(1);
});

test('the log redacts what may be a secret', async () => {
  const { output } = await run(
    "r.createLogger('t').info({ token: 'abc123', a: { password: 'hunter2' } }, 'ready')",
    {},
    () => undefined,
  );
  expect(output).toContain('[redacted]');
  expect(output).not.toMatch(/abc123|hunter2/);
});

test('of an error the log keeps what it says, not what a library hung on it', async () => {
  const { output } = await run(
    "const err = Object.assign(new Error('WRONGPASS'), { code: 'E1', command: { name: 'hello', args: ['hunter2'] } });" +
      "r.createLogger('t').warn({ err }, 'ready')",
    {},
    () => undefined,
  );
  expect(JSON.parse(output)).toMatchObject({ err: { type: 'Error', message: 'WRONGPASS', code: 'E1' } });
  expect(output).not.toContain('hunter2');
});

test('the operations port answers health, readiness with its reason, and metrics', async () => {
  const ops = await startOpsServer({
    port: 0,
    host: '127.0.0.1',
    registry: createMetrics(),
    ready: () => ({ ok: false, reason: 'no snapshot yet' }),
  });
  const get = async (path: string): Promise<Response> => fetch(`http://127.0.0.1:${ops.port}${path}`);
  expect((await get('/healthz')).status).toBe(200);
  const ready = await get('/readyz');
  expect([ready.status, await ready.json()]).toEqual([503, { ok: false, reason: 'no snapshot yet' }]);
  expect(await (await get('/metrics')).text()).toContain('process_cpu_user_seconds_total');
  expect((await get('/other')).status).toBe(404);
  await ops.close();
  createLogger('unused', 'silent').info('nothing');
});
