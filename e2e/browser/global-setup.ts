// Brings the whole platform up once for all browser tests, and takes it down afterwards.
import { join } from 'node:path';
import { startPlatform, temporaryFolder } from '@sluice/local-stack';
import { rememberStack } from './stack.js';

async function globalSetup(): Promise<() => Promise<void>> {
  const folder = await temporaryFolder();
  const platform = await startPlatform({
    dir: join(folder.path, 'sluice'),
    ports: 'free',
    threads: 1,
    demo: true,
    traffic: 'off',
    isThrowaway: true,
    onProgress: (line) => process.stderr.write(`  ${line}\n`),
  });
  if (platform.demo === undefined) throw new Error('the demo tenant was not made');
  rememberStack({
    consoleUrl: platform.urls.portal,
    mailUrl: platform.urls.mailPage,
    demo: platform.demo,
    gatewayUrls: [...platform.urls.gateways],
  });
  return async () => {
    await platform.stop();
    await folder.remove();
  };
}

// Playwright demands a default export.
export default globalSetup;
