// `npm start`: installs what is missing, builds what has changed, and starts the whole platform. The first half runs on the
// Node that the machine has, and stands between the terminal and the second half: it passes signals on, once each (npm
// repeats what the terminal already sent), and the second half ends when this one is gone.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fail, isBootstrapped, prepare, root } from './bootstrap.mjs';

const script = fileURLToPath(import.meta.url);
const parts = [
  'local-stack',
  'cli',
  'control-api',
  'log-worker',
  'gateway',
  ...(process.argv.includes('--no-web') ? [] : ['web']),
];
const projects = parts.map((name) => `@sluice/${name}`);

if (isBootstrapped()) {
  await build();
  await import(pathToFileURL(join(root, 'packages/local-stack/dist/start.js')).href);
} else {
  stayBetween(prepare());
}

function stayBetween({ node, env }) {
  // A group of its own: Ctrl-C reaches this process alone, which asks for an orderly stop.
  const child = spawn(node, [script, ...process.argv.slice(2)], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let lastSignalAt = -Infinity;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // npm may be slow to repeat it; a second Ctrl-C that is meant so early has to be pressed once more.
      const isRepeated = performance.now() - lastSignalAt < 1000;
      lastSignalAt = performance.now();
      if (!isRepeated && child.connected) child.send('stop');
    });
  }
  child.on('error', (error) => fail(`The pinned Node did not start: ${error.message}`));
  child.on('exit', (code) => process.exit(code ?? 130));
}

/** One line per project; all of the output only when a build fails. */
async function build() {
  const startedAt = Date.now();
  process.stdout.write('Building what has changed ...\n');
  const args = ['run-many', '-t', 'build', `--projects=${projects.join(',')}`, '--outputStyle=static', '--parallel=2'];
  const nx = spawn(join(root, 'node_modules/.bin/nx'), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  // Asked to stop while it builds: nx ends its own children.
  const stop = () => {
    nx.kill('SIGTERM');
    process.exit(130);
  };
  const onMessage = (message) => message === 'stop' && stop();
  process.on('message', onMessage);
  process.on('disconnect', stop);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);

  let output = '';
  const read = (chunk) => {
    output += chunk;
    for (const [, project, cached] of String(chunk).matchAll(
      /^> nx run (@sluice\/\S+?):build(?:\s+(\[.*cache.*\]))?/gm,
    )) {
      if (!cached) process.stdout.write(`  ${project}\n`);
    }
  };
  nx.stdout.on('data', read);
  nx.stderr.on('data', read);
  const code = await new Promise((resolve) => {
    nx.on('error', (error) => {
      output += error.message;
      resolve(1);
    });
    nx.on('close', resolve);
  });
  process.off('message', onMessage);
  process.off('disconnect', stop);
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stop);
  if (code !== 0) {
    process.stdout.write(output);
    fail('The build failed: see above.');
  }
  process.stdout.write(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s. Starting ...\n`);
}
