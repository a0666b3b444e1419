// The second half of `npm start`: everything is installed and built, and this is Node 24. Starts the platform in
// `.sluice/`, prints where everything is, and stops it in order when asked.
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockFolder } from './platform/lock.js';
import { startPlatform, type Platform } from './platform/platform.js';
import { fixedPorts, portNames } from './platform/ports.js';
import { describePlatform } from './platform/table.js';

const usage = `npm start -- [--no-traffic] [--no-demo] [--no-web]
  --no-traffic  the demo's traffic generator is off (POST /on at its switch turns it on)
  --no-demo     no demo tenant
  --no-web      no portal
`;
const known = new Set(['--no-traffic', '--no-demo', '--no-web']);
/** What an operator says to control-api, and whoever tries that here may want to say too. */
const saidToControl = new Set(['OPERATORS', 'HOST_PROOF', 'HOST_PROOF_DNS']);
const startedAt = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const fail = (message: string, code = 1): never => {
  process.stderr.write(`\n${message}\n\n`);
  process.exit(code);
};

const flags = new Set(process.argv.slice(2));
if (flags.has('--help')) {
  say(usage);
  process.exit(0);
}
const unknown = [...flags].find((flag) => !known.has(flag));
if (unknown !== undefined) fail(`${unknown} is unknown.\n\n${usage}`, 64);

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const dir = resolve(process.env['SLUICE_DIR'] ?? join(root, '.sluice'));
await mkdir(dir, { recursive: true, mode: 0o711 });
const lock = lockFolder(dir);
if (!lock.ok)
  fail(
    `Sluice is already running in ${dir} (process ${lock.pid}). Stop that one with Ctrl-C, or set SLUICE_DIR and other ports.`,
  );
process.once('exit', () => {
  if (lock.ok) lock.release();
});

let platform: Platform | undefined;
let isStopping = false;
const starting = new AbortController();
const isOver = Promise.withResolvers<void>();
const stop = async (code: number): Promise<void> => {
  if (isStopping) {
    // The watchdog ends what is left.
    say('\nEnding at once.');
    process.exit(130);
  }
  isStopping = true;
  say('\nStopping ... (Ctrl-C again ends everything at once)');
  starting.abort();
  await platform?.stop();
  if (!platform) await isOver.promise;
  say(`Stopped. Data and logs stay in ${dir}/`);
  process.exit(code);
};
// From the first half of `npm start`, which gets the terminal's signals; when it is gone, so must this be.
process.on('message', (message) => {
  if (message === 'stop') void stop(0);
});
process.on('disconnect', () => void stop(1));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

const wantsWeb = !flags.has('--no-web');
const used = portNames.filter(
  (name) =>
    (wantsWeb || name !== 'portal') &&
    !(name === 'postgres' && process.env['DATABASE_URL']) &&
    !(name === 'redis' && process.env['REDIS_LIMITS_URL'] && process.env['REDIS_QUEUE_URL']) &&
    !(name === 'clickhouse' && process.env['CLICKHOUSE_URL']) &&
    !((name === 'mail' || name === 'mailPage') && process.env['MAIL_URL']),
);
const ports = await fixedPorts(process.env, used);
if (!ports.ok) fail(ports.errors.join('\n'));
else {
  try {
    platform = await startPlatform({
      dir,
      ports: ports.ports,
      external: process.env,
      env: {
        'control-api': Object.fromEntries(
          Object.entries(process.env).flatMap(([name, value]) =>
            value !== undefined && saidToControl.has(name) ? [[name, value]] : [],
          ),
        ),
      },
      demo: !flags.has('--no-demo'),
      traffic: flags.has('--no-traffic') ? 'off' : 'on',
      web: wantsWeb,
      signal: starting.signal,
      onProgress: (line) => say(`  ${line}`),
    });
    say(await describePlatform(platform, (performance.now() - startedAt) / 1000, wantsWeb));
  } catch (error) {
    isOver.resolve();
    if (!starting.signal.aborted)
      fail(`Sluice did not start. ${error instanceof Error ? error.message : String(error)}`);
  }
}
