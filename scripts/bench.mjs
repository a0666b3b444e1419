// `npm run bench:<name>`, `npm run sim:<name>` and `npm run fuzz:<name>`: installs and builds what is missing, then runs
// the program that measures or tries. TypeScript runs as it is; what it imports by package name is built before.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bootstrap, fail, root } from './bootstrap.mjs';
import { installTestTools } from './test-tools.mjs';

const programs = {
  threads: { file: 'e2e/dist/bench/threads.js', build: ['run-many', '-t', 'build', '--exclude=@sluice/web'] },
  limits: { file: 'gateway/bench/limits.ts', build: ['run', '@sluice/gateway:build'] },
  gateway: {
    file: 'gateway/bench/gateway.ts',
    build: ['run', '@sluice/gateway:build'],
    tools: ['Redis', 'NGINX', "NGINX's Lua module", 'HAProxy', 'wrk', 'taskset'],
  },
  engine: {
    file: 'packages/engine/bench/engine.ts',
    build: ['run-many', '-t', 'build', '-p', '@sluice/engine', '@sluice/local-stack'],
  },
  control: {
    file: 'services/control-api/bench/control.ts',
    build: ['run-many', '-t', 'build', '-p', '@sluice/control-api', '@sluice/gateway'],
  },
  'sim-limits': { file: 'gateway/bench/sim-limits.ts', build: ['run', '@sluice/gateway:build'] },
  'fuzz-wire': { file: 'gateway/bench/fuzz-wire.ts', build: ['run', '@sluice/gateway:build'], tools: [] },
};

bootstrap(fileURLToPath(import.meta.url));
const [name, ...args] = process.argv.slice(2);
const program = programs[name];
if (program === undefined) fail(`No such program: ${name}. There are: ${Object.keys(programs).join(', ')}.`);
// Where Debian keeps proxies, and which its users' PATH leaves out.
process.env['PATH'] += ':/usr/sbin';
installTestTools(program.tools ?? ['Redis']);
// Stdout is the program's alone, so that `--json` can be read by another one.
const run = (command, given, stdout) =>
  spawnSync(command, given, { cwd: root, stdio: ['ignore', stdout, 'inherit'] }).status === 0;
if (!run('nx', [...program.build, '--outputStyle=static'], process.stderr.fd)) fail('The build failed: see above.');
const loader = program.file.endsWith('.ts') ? ['--import', './gateway/test/run-typescript.mjs'] : [];
process.exitCode = run('node', [...loader, program.file, ...args], 'inherit') ? 0 : 1;
