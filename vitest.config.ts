// One configuration for every package's tests: beside the code, and in `test/` for a process as a whole.
// Deadlines are wide because the real servers that tests start share two cores; no test waits by sleeping.
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const report = process.env['SLUICE_TEST_REPORT'];

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
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: resolve(report) }]],
  },
});
