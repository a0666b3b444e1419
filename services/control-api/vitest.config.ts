import { defineConfig } from 'vitest/config';

// `dist` holds compiled copies of the tests beside the code. Files run one after the other: each starts servers of its own.
export default defineConfig({ test: { include: ['src/**/*.test.ts', 'test/**/*.test.ts'], fileParallelism: false, testTimeout: 20_000, hookTimeout: 60_000 } });
