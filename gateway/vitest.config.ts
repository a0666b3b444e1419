import { defineConfig } from 'vitest/config';

// `dist` holds compiled copies of the tests. The process tests start real processes: they may take some seconds.
export default defineConfig({ test: { include: ['src/**/*.test.ts', 'test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } });
