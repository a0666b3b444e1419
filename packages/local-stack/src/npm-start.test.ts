// `npm start` as a supervisor ends it: by the one process that it started. npm passes a signal on to its own child, which
// must not be a shell that ends alone.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startProcess } from './processes/start-process.js';
import { temporaryFolder } from './temporary-folder.js';

const manifest = new URL('../../../package.json', import.meta.url);
// In place of the stack: it says what reaches it.
const script = `
process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(0); });
setInterval(() => {}, 1000);
console.log('started with', ...process.argv.slice(2));
`;

test('a signal that ends npm asks the stack to stop, too', async () => {
  const folder = await temporaryFolder();
  onTestFinished(async () => folder.remove());
  const { scripts } = JSON.parse(await readFile(manifest, 'utf8')) as { scripts: { start: string } };
  await mkdir(join(folder.path, 'scripts'));
  await writeFile(join(folder.path, 'scripts/start.mjs'), script);
  await writeFile(join(folder.path, 'package.json'), JSON.stringify({ scripts: { start: scripts.start } }));
  const npm = await startProcess({
    name: 'npm start',
    command: 'npm',
    args: ['start', '--', '--no-web'],
    cwd: folder.path,
    env: { npm_config_update_notifier: 'false' },
    readyLine: /^started with --no-web$/,
  });
  onTestFinished(async () => void (await npm.kill()));
  process.kill(npm.pid, 'SIGTERM');
  await npm.exited;
  expect(npm.lastLines()).toContain('asked to stop');
});
