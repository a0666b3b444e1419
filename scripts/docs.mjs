// `npm run docs`: writes what the docs take from the engine and from documents: the pages of policies, the derived part of
// reasons, the documents of configurations taken over; and from control-api, who may do what. What people have written stays; pages of what is gone are removed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap, fail, root } from './bootstrap.mjs';

bootstrap(fileURLToPath(import.meta.url));
const built = spawnSync(
  'nx',
  ['run-many', '-t', 'build', '-p', '@sluice/engine,@sluice/control-api', '--outputStyle=static'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
if (built.status !== 0) fail('The build failed: see above.');

const dist = join(root, 'packages', 'engine', 'dist');
const docs = join(root, 'docs');
const { policies } = await import(join(dist, 'policies', 'index.js'));
const { pages } = await import(join(dist, 'docs', 'pages.js'));
const examples = new Map();
for (const { name } of policies)
  examples.set(name, (await import(join(dist, 'policies', name, 'examples.js'))).examples);

const made = pages({
  examples,
  written: (path) => (existsSync(join(docs, path)) ? readFileSync(join(docs, path), 'utf8') : undefined),
});
const api = join(root, 'services', 'control-api', 'dist');
const { controllers } = await import(join(api, 'app.module.js'));
const { permissionPage } = await import(join(api, 'docs', 'permission-table.js'));
made.set('permissions.md', permissionPage(readFileSync(join(docs, 'permissions.md'), 'utf8'), controllers));
for (const folder of ['policies', 'reasons']) {
  mkdirSync(join(docs, folder), { recursive: true });
  for (const file of readdirSync(join(docs, folder)))
    if (!made.has(`${folder}/${file}`)) rmSync(join(docs, folder, file));
}
let written = 0;
for (const [path, text] of made) {
  const file = join(docs, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  written += 1;
}
process.stdout.write(`docs: ${made.size} pages, ${written} written\n`);
