import { defineConfig } from 'vitest/config';

// `dist` holds compiled copies of the tests.
export default defineConfig({ test: { include: ['src/**/*.test.ts', 'test/**/*.test.ts'] } });
