// One configuration for every package's tests: beside the code, and in `test/` for a process as a whole.
// Deadlines are wide because the real servers that tests start share two cores; no test waits by sleeping.
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const report = process.env['SLUICE_TEST_REPORT'];

// Files that take half a minute or more begin first: at the end one of them would run while the other worker has nothing.
const longest =
  /\/(?:canary-off|commands|exactly-once|fuzz|gateways|indexes|kill|large-bodies|lease-script|lifecycle|limits-gateways|migrating|outage|permissions|simulation|snapshot|take-over|thread-faults|under-load)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = (file: TestSpecification): number => Number(longest.test(file.moduleId));
    return (await super.sort(files)).toSorted((one, other) => isLong(other) - isLong(one));
  }
}

export default defineConfig({
  // The portal's own alias; packages are named @sluice/..., without the slash.
  resolve: { alias: [{ find: /^@\//, replacement: resolve(import.meta.dirname, 'web') + '/' }] },
  test: {
    include: [
      'src/**/*.test.ts',
      'test/**/*.test.ts',
      'features/**/*.test.{ts,tsx}',
      'styles/**/*.test.ts',
      '*.test.ts',
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    retry: 0,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: resolve(report) }]],
  },
});
