// `npm test`: installs what tests need, runs every check and every test, and ends with one line
// `N passed, N failed`, summed from the runners' own reports. A check counts as one. A runner that fails
// without a failed test in its report (it crashed, or found no test) counts as one failure more.
// By its default export: the Node that the machine happens to have may know no globSync, and must still load this file.
import fs, { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
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

check('build and types', 'nx', ['run-many', '-t', 'build', '--outputStyle=static']);
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
for (const folder of typedApart) {
  check(`types of ${folder}`, 'tsc', ['--noEmit', '-p', folder]);
}
check('format', 'oxfmt', ['--check', '.']);
check('lint', 'oxlint', ['--type-aware', '--deny-warnings']);
check('arrows', 'node', ['scripts/check-arrows.mjs']);
check('infra', 'node', ['infra/check.mjs']);
check('dead code', 'knip', ['--no-progress']);
unitAndProcessTests();
browserTests();

if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.map((name) => `  ${name}\n`).join('')}`);
process.stdout.write(`\n${tally.passed} passed, ${tally.failed} failed\n`);
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;

function check(name, command, args) {
  const isGood = timed(name, () => run(command, args));
  tally[isGood ? 'passed' : 'failed'] += 1;
  if (!isGood) failures.push(name);
  return isGood;
}

function unitAndProcessTests() {
  // One after the other: most packages start servers of their own, and two cores are soon full.
  const isGood = timed('unit and process tests', () =>
    run('nx', ['run-many', '-t', 'test', '--parallel=1', '--outputStyle=static']),
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
  process.stdout.write(`== ${name}: ${result ? 'good' : 'FAILED'}, ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  return result;
}
