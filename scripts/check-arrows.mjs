// The arrows between the rooms, as errors: who may import whom. It fails as well when a room was not seen,
// because a checker that read no module would find no violation either.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { root } from './bootstrap.mjs';

// A room, and the rooms that it may import. Whatever is not named here may import nothing of ours.
const arrows = {
  'packages/contracts': [],
  'packages/engine': ['packages/contracts'],
  'packages/runtime': ['packages/contracts'],
  'packages/clickhouse': ['packages/contracts'],
  'packages/local-stack': ['packages/contracts', 'packages/runtime', 'packages/clickhouse', 'prisma'],
  'packages/api-client': [],
  'packages/cli': ['packages/api-client', 'packages/contracts', 'packages/engine'],
  gateway: ['packages/contracts', 'packages/engine', 'packages/runtime'],
  'services/control-api': [
    'packages/contracts',
    'packages/engine',
    'packages/runtime',
    'packages/clickhouse',
    'prisma',
  ],
  'services/log-worker': ['packages/contracts', 'packages/engine', 'packages/runtime', 'packages/clickhouse'],
  prisma: [],
  web: ['packages/contracts'],
  e2e: ['packages/contracts', 'packages/local-stack', 'packages/clickhouse'],
};
const rooms = Object.keys(arrows);
// Tests may start real servers; the start command is what local-stack exists for.
const inTest = String.raw`(\.test\.tsx?$|/test/|/testing/|/try-[^/]*\.ts$|/simulation/)`;
const pureRooms = '^packages/(contracts|engine)/src/';

const forbidden = [
  ...rooms.map((room) => ({
    name: `${room} imports only its arrows`,
    severity: 'error',
    from: { path: `^${room}/`, pathNot: inTest },
    to: { path: `^(${rooms.filter((other) => other !== room && !arrows[room].includes(other)).join('|')})/` },
  })),
  {
    name: 'no cycles',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  { name: 'every import resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  {
    name: 'what serves imports nothing of the tests',
    severity: 'error',
    from: { path: `^(${rooms.filter((room) => room !== 'e2e').join('|')})/`, pathNot: inTest },
    to: { path: String.raw`(\.test\.tsx?$|/try-[^/]*\.ts$|/simulation/)` },
  },
  {
    name: 'contracts and engine do no I/O',
    severity: 'error',
    from: { path: pureRooms, pathNot: inTest },
    to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
  },
  {
    name: 'the gateway is plain Node',
    severity: 'error',
    from: { path: '^gateway/src/' },
    to: { path: 'node_modules/(@nestjs|@prisma|pg)/' },
  },
  {
    name: 'contracts depends on zod alone',
    severity: 'error',
    from: { path: '^packages/contracts/src/', pathNot: inTest },
    to: { path: 'node_modules/', pathNot: 'node_modules/zod/' },
  },
];

const folders = rooms.flatMap((room) => foldersOf(room)).filter((folder) => existsSync(join(root, folder)));
const { output } = await cruise(
  folders,
  {
    ruleSet: { forbidden },
    validate: true,
    baseDir: root,
    exclude: String.raw`(/dist/.*\.test\.|/generated/|^web/\.next/)`,
    doNotFollow: { path: 'node_modules|/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.css', '.json'],
    },
  },
  { extensionAlias: { '.js': ['.ts', '.tsx', '.js'] }, alias: { '@': join(root, 'web') } },
);

const seen = output.modules.map((module) => module.source).filter((source) => /\.(ts|tsx|mjs)$/.test(source));
const unseen = rooms.filter((room) => !seen.some((source) => source.startsWith(`${room}/`)));
for (const violation of output.summary.violations) {
  process.stdout.write(`  ${violation.from} -> ${violation.to}\n      ${violation.rule.name}\n`);
}
if (unseen.length > 0) process.stdout.write(`  no module was read in: ${unseen.join(', ')}\n`);
process.stdout.write(`arrows: ${seen.length} modules, ${output.summary.violations.length} violations\n`);
process.exitCode = output.summary.violations.length + unseen.length > 0 ? 1 : 0;

function foldersOf(room) {
  if (room === 'web') return ['web/app', 'web/features', 'web/proxy.ts'];
  return ['src', 'test', 'browser'].map((folder) => `${room}/${folder}`);
}
