// What every command of this repository begins with, on the Node and npm that the machine happens to have
// (20 and 11 are enough): the packages of the lock file, and from then on the Node that it pins. Plain
// JavaScript without imports beyond Node's own, because nothing is installed yet when it runs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const pinnedNode = join(binaries, 'node');
const stamp = join(root, 'node_modules', '.sluice-installed');

/**
 * Installs what the lock file names, unless that was done before, then continues `script` under the pinned
 * Node with the same arguments. Returns only in the pinned Node.
 */
export function bootstrap(script) {
  if (isBootstrapped()) return;
  const { node, env } = prepare();
  const child = spawnSync(node, [script, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit', env });
  process.exit(child.status ?? 128);
}

export function isBootstrapped() {
  return process.env['SLUICE_BOOTSTRAPPED'] === root;
}

/** Installs what is missing. Returns the pinned Node, and the environment to run it in. */
export function prepare() {
  if (process.platform === 'win32') {
    fail('Sluice runs on Linux and macOS. On Windows use WSL 2: https://learn.microsoft.com/windows/wsl/install');
  }
  install();
  const node = existsSync(pinnedNode) ? pinnedNode : process.execPath;
  const major = Number(spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.split('.')[0]);
  if (!(major >= 24)) {
    fail(
      `No Node 24 comes through npm for ${process.platform}-${process.arch}. Install Node 24 or newer and run this again.`,
    );
  }
  return {
    node,
    env: {
      ...process.env,
      SLUICE_BOOTSTRAPPED: root,
      PATH: binaries + delimiter + (process.env['PATH'] ?? ''),
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      // By itself Nx shares one cache among all clones of a machine, and a clean clone would then report the
      // results of another one.
      NX_CACHE_DIRECTORY: join(root, '.nx', 'cache'),
      NEXT_TELEMETRY_DISABLED: '1',
    },
  };
}

/** Runs a command of the repository with its output shown; false when it failed. */
export function run(command, args, env = {}) {
  return (
    spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })
      .status === 0
  );
}

/** One line that says what is wrong and what to do, and the end. */
export function fail(message) {
  process.stderr.write(`\n  ${message}\n\n`);
  process.exit(1);
}

function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('Installing packages (about 900; a minute or two the first time) ...\n');
  const started = Date.now();
  rmSync(stamp, { force: true });
  // Errors only: npm would warn once for each package that wants a newer Node than the machine's, and it gets one.
  const npm = spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    // What npm says is for people: standard output is the command's own, and may be read by a program.
    stdio: ['ignore', 2, 2],
  });
  if (npm.error?.code === 'ENOENT')
    fail('npm is not on the PATH. Install Node with npm (version 11 or newer) and run this again.');
  if (npm.status !== 0)
    fail('npm could not install the packages: see its message above. Behind a proxy, set "registry" in ~/.npmrc.');
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stamp, wanted);
  process.stderr.write(`Packages installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}
