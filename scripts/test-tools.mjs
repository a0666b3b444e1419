// The programs that tests need beside npm's packages: a Redis server and a Chromium. Present ones are used;
// missing ones come from the system's package manager, where this user may use it.
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

/** Makes sure that every tool is there, or ends with one line that names the missing ones and the remedy. */
export function installTestTools(wanted = tools.map((tool) => tool.name)) {
  const missing = tools.filter((tool) => wanted.includes(tool.name) && !tool.commands.some(isOnPath));
  if (missing.length === 0) return;
  const packages = missing.map((tool) => tool.debian);
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    process.stdout.write(`Installing ${packages.join(', ')} with apt-get ...\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = { stdio: ['ignore', 'ignore', 'inherit'], env };
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
    // Debian starts a Redis of its own on 6379; the tests bring theirs.
    if (packages.includes('redis-server') && isOnPath('service'))
      spawnSync('service', ['redis-server', 'stop'], { stdio: 'ignore' });
  }
  const still = missing.filter((tool) => !tool.commands.some(isOnPath));
  if (still.length === 0) return;
  const remedy =
    process.platform === 'darwin'
      ? `brew install ${still.map((tool) => tool.mac).join(' ')}`
      : `sudo apt-get install ${still.map((tool) => tool.debian).join(' ')}`;
  fail(`The tests need ${still.map((tool) => tool.name).join(' and ')}: ${remedy}`);
}

function isOnPath(command) {
  return (process.env['PATH'] ?? '').split(':').some((folder) => folder !== '' && existsSync(`${folder}/${command}`));
}
