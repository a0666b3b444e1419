#!/usr/bin/env node
// The `sluice` command. It stands beside the build, so that npm can link it before anything is built. A machine's own Node
// may be older than the one that the repository brings along: then it goes on in that one.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const pinned = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));
const isOld = Number(process.versions.node.split('.')[0]) < 24;

if (!existsSync(main)) stop('sluice is not built yet: run `npm run build`.');
else if (isOld && process.env.SLUICE_NODE_CHOSEN === undefined && existsSync(pinned)) {
  const child = spawnSync(pinned, [main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, SLUICE_NODE_CHOSEN: '1' },
  });
  process.exitCode = child.status ?? 128;
} else if (isOld) stop('sluice needs Node 24 or newer.');
else await import(main);

function stop(why) {
  process.stderr.write(`${why}\n`);
  process.exitCode = 70;
}
