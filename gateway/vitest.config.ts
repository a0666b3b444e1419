import { defineConfig } from 'vitest/config';

// `dist` holds compiled copies of the tests. Waits have deadlines of their own, which say what was waited for: the test's
// is longer.
export default defineConfig({ test: { include: ['src/**/*.test.ts', 'test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } });
