// `npm test`: installs what tests need, runs every check and every test, and ends with one line
// `N passed, N failed`, summed from the runners' own reports. A check counts as one. A runner that fails
// without a failed test in its report (it crashed, or found no test) counts as one failure more.
// By its default export: the Node that the machine happens to have may know no globSync, and must still load this file.
import { spawn } from 'node:child_process';
import fs, { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap, root, run } from './bootstrap.mjs';
import { installTestTools } from './test-tools.mjs';

bootstrap(fileURLToPath(import.meta.url));

const reports = join(root, 'reports');
const tally = { passed: 0, failed: 0 };
const failures = [];

for (const folder of [
  reports,
  ...fs.globSync('{*,*/*}/reports', { cwd: root, exclude: ['node_modules'] }).map((name) => join(root, name)),
]) {
  rmSync(folder, { recursive: true, force: true });
}
mkdirSync(reports);
installTestTools();
// Tests start hundreds of processes of the same few programs: what V8 has compiled once is read from here by the others.
process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules', '.cache', 'compiled');

timedStep('build and types', 'nx', ['run-many', '-t', 'build', '--outputStyle=static']);
const typedApart = [
  'packages/api-client/test',
  'packages/cli/test',
  'gateway/bench',
  'gateway/test',
  'services/control-api/bench',
  'services/control-api/test',
  'services/log-worker/test',
  'e2e/browser',
];
await checkAll([
  ...typedApart.map((folder) => [`types of ${folder}`, 'tsc', ['--noEmit', '-p', folder]]),
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['arrows', 'node', ['scripts/check-arrows.mjs']],
  ['dead code', 'knip', ['--no-progress']],
  ['format', 'oxfmt', ['--check', '.']],
  ['infra', 'node', ['infra/check.mjs']],
]);
unitAndProcessTests();
browserTests();

if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.map((name) => `  ${name}\n`).join('')}`);
process.stdout.write(`\n${tally.passed} passed, ${tally.failed} failed\n`);
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;

function count(name, isGood) {
  tally[isGood ? 'passed' : 'failed'] += 1;
  if (!isGood) failures.push(name);
}

function timedStep(name, command, args) {
  count(
    name,
    timed(name, () => run(command, args)),
  );
}

/** Most of them use one core: as many at a time as there are, four at most (each takes up to a gigabyte). What each wrote is shown when it has ended. */
async function checkAll(checks) {
  const waiting = [...checks];
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const [name, command, args] = check;
      const started = Date.now();
      const { isGood, output } = await outcome(command, args);
      process.stdout.write(`\n== ${name}\n${output}`);
      process.stdout.write(endOf(name, isGood, started));
      count(name, isGood);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
}

function outcome(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => (output += chunk);
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', (error) => resolve({ isGood: false, output: `${output}${error.message}\n` }));
    child.once('close', (code) => resolve({ isGood: code === 0, output }));
  });
}

function unitAndProcessTests() {
  // Two packages at a time, each with two files: many tests wait for deadlines that are real, and the machine is for the
  // others meanwhile. No more, however many cores there are: most start servers of their own.
  const isGood = timed('unit and process tests', () =>
    run('nx', ['run-many', '-t', 'test', '--parallel=2', '--outputStyle=static']),
  );
  const before = tally.failed;
  for (const file of fs.globSync('{*,*/*}/reports/vitest.json', { cwd: root, exclude: ['node_modules'] })) {
    const report = JSON.parse(readFileSync(join(root, file), 'utf8'));
    tally.passed += report.numPassedTests;
    tally.failed += report.numFailedTests;
    const broken = report.testResults.filter((result) => result.status === 'failed');
    failures.push(...broken.map((result) => result.name.slice(root.length)));
    // A file that could not be loaded has failed without a failed test.
    tally.failed += broken.filter((result) => result.assertionResults.length === 0).length;
  }
  if (!isGood && tally.failed === before) {
    tally.failed += 1;
    failures.push('unit and process tests (a runner stopped without a report)');
  }
}

function browserTests() {
  const file = join(reports, 'playwright.json');
  const isGood = timed('browser tests', () =>
    run('playwright', ['test', '--config', 'e2e/playwright.config.ts'], { PLAYWRIGHT_JSON_OUTPUT_FILE: file }),
  );
  const stats = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8')).stats
    : { expected: 0, unexpected: 0, flaky: 0 };
  // A flaky test is a broken one.
  const failed = stats.unexpected + stats.flaky;
  tally.passed += stats.expected;
  tally.failed += isGood ? failed : Math.max(1, failed);
  if (!isGood || failed > 0) failures.push('browser tests');
}

function timed(name, action) {
  const started = Date.now();
  process.stdout.write(`\n== ${name}\n`);
  const result = action();
  process.stdout.write(endOf(name, result, started));
  return result;
}

function endOf(name, isGood, started) {
  return `== ${name}: ${isGood ? 'good' : 'FAILED'}, ${((Date.now() - started) / 1000).toFixed(1)} s\n`;
}
