// The journeys in a real browser against the real stack, which `global-setup` brings up on free ports with the
// portal and the demo tenant. One worker: two cores carry one browser and the platform. No retries: flaky is broken.
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

// Playwright demands a default export.
export default defineConfig({
  testDir: 'browser',
  outputDir: 'test-results',
  globalSetup: './browser/global-setup.ts',
  workers: 1,
  retries: 0,
  // Deadlines of what other processes do: long, for they cost nothing where all is well.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  forbidOnly: true,
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] === undefined ? [['list']] : [['list'], ['json']],
  use: {
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(browser === undefined ? {} : { executablePath: browser }),
      // Chromium calls home at start; nothing here may depend on a network outside.
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
        '--no-first-run',
      ],
    },
  },
});
