import { defineConfig } from "vitest/config";

// The compiled tests in dist/ are the same ones.
export default defineConfig({ test: { include: ["src/**/*.test.ts"] } });
