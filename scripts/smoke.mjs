// `npm run smoke`: installs and builds what is missing, then runs e2e's smoke with the same arguments.
import { fileURLToPath } from 'node:url';
import { bootstrap, fail, run } from './bootstrap.mjs';
import { installTestTools } from './test-tools.mjs';

bootstrap(fileURLToPath(import.meta.url));
installTestTools(['Redis']);
process.stderr.write('Building what has changed ...\n');
if (!run('nx', ['run-many', '-t', 'build', '--exclude=@sluice/web', '--outputStyle=static']))
  fail('The build failed: see above.');
process.exitCode = run('node', ['--enable-source-maps', 'e2e/dist/smoke/main.js', ...process.argv.slice(2)]) ? 0 : 1;
