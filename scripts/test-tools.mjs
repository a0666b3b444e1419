// The programs that tests and benchmarks need beside npm's packages: a Redis server, a Chromium, other proxies to be
// compared with. Present ones are used; missing ones come from the system's package manager, where this user may use it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fail } from './bootstrap.mjs';

const tools = [
  { name: 'Redis', commands: ['redis-server', 'valkey-server'], debian: 'redis-server', mac: 'redis' },
  {
    name: 'Chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    debian: 'chromium',
    mac: 'chromium',
  },
];
// Debian's names only: they run pinned to cores, which takes Linux.
const benchTools = [
  { name: 'NGINX', commands: ['nginx'], debian: 'nginx', mac: 'nginx' },
  {
    name: "NGINX's Lua module",
    file: '/usr/lib/nginx/modules/ngx_http_lua_module.so',
    debian: 'libnginx-mod-http-lua',
    mac: 'nginx',
  },
  { name: 'HAProxy', commands: ['haproxy'], debian: 'haproxy', mac: 'haproxy' },
  { name: 'wrk', commands: ['wrk'], debian: 'wrk', mac: 'wrk' },
  { name: 'taskset', commands: ['taskset'], debian: 'util-linux', mac: 'util-linux' },
];
// Debian starts these by itself on well-known ports; whoever measures or tests brings processes of its own.
const services = ['redis-server', 'nginx', 'haproxy'];

/** Makes sure that every tool is there, or ends with one line that names the missing ones and the remedy. */
export function installTestTools(wanted = tools.map((tool) => tool.name)) {
  const missing = [...tools, ...benchTools].filter((tool) => wanted.includes(tool.name) && !isThere(tool));
  if (missing.length === 0) return;
  const packages = missing.map((tool) => tool.debian);
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    process.stderr.write(`Installing ${packages.join(', ')} with apt-get ...\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = { stdio: ['ignore', 'ignore', 'inherit'], env };
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
    for (const service of services.filter((one) => packages.includes(one) && isOnPath('service')))
      spawnSync('service', [service, 'stop'], { stdio: 'ignore' });
  }
  const still = missing.filter((tool) => !isThere(tool));
  if (still.length === 0) return;
  const remedy =
    process.platform === 'darwin'
      ? `brew install ${still.map((tool) => tool.mac).join(' ')}`
      : `sudo apt-get install ${still.map((tool) => tool.debian).join(' ')}`;
  fail(`This needs ${still.map((tool) => tool.name).join(' and ')}: ${remedy}`);
}

function isThere({ commands = [], file = '' }) {
  return commands.some(isOnPath) || existsSync(file);
}

function isOnPath(command) {
  return (process.env['PATH'] ?? '').split(':').some((folder) => folder !== '' && existsSync(`${folder}/${command}`));
}
