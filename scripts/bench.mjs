// `npm run bench:<name>`: installs and builds what is missing, then runs e2e's benchmark of that name.
import { fileURLToPath } from 'node:url';
import { bootstrap, fail, run } from './bootstrap.mjs';
import { installTestTools } from './test-tools.mjs';

bootstrap(fileURLToPath(import.meta.url));
installTestTools(['Redis']);
const [name, ...args] = process.argv.slice(2);
if (!run('nx', ['run-many', '-t', 'build', '--exclude=@sluice/web', '--outputStyle=static']))
  fail('The build failed: see above.');
process.exitCode = run('node', [`e2e/dist/bench/${name}.js`, ...args]) ? 0 : 1;
