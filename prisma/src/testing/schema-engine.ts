// Prisma's schema engine as WebAssembly: it compares schemas and reads a migration history, offline. For developers and
// tests; a running control plane does not need it. Node cannot import the package's entry, so the module is put together here.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import { readMigrations } from '../migrations.js';
import { readingChars } from './char-columns.js';

const packageFolder = new URL('../../', import.meta.url);
const filters = { externalTables: [], externalEnums: [] };

/** What it takes to bring the database at `url` to schema.prisma, as SQL; empty when nothing. */
export async function missingSql(url: string): Promise<string> {
  const engine = await startEngine(url);
  try {
    const files = [{ path: 'schema.prisma', content: await readFile(new URL('schema.prisma', packageFolder), 'utf8') }];
    const { stdout } = await engine.diff({
      // The data source is the adapter's database, whatever the schema says.
      from: { tag: 'schemaDatasource', files, configDir: fileURLToPath(packageFolder) },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters,
    });
    return stdout === null || stdout.includes('This is an empty migration') ? '' : stdout;
  } finally {
    engine.free();
  }
}

/** What `prisma migrate deploy` would think of the history in the database, and what it would then apply. */
export async function deployWithPrisma(url: string) {
  const engine = await startEngine(url);
  try {
    const migrationsList = await migrationList();
    const diagnosis = await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters });
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters });
    return { diagnosis, appliedMigrationNames };
  } finally {
    engine.free();
  }
}

async function migrationList(): Promise<MigrationList> {
  const migrations = await readMigrations();
  return {
    baseDir: fileURLToPath(new URL('migrations', packageFolder)),
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(new URL('migrations/migration_lock.toml', packageFolder), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}

interface Glue {
  readonly SchemaEngine: typeof SchemaEngine;
  __wbg_set_wasm(exports: Readonly<Record<string, unknown>>): void;
}

// Node has it; the types of Node and of ECMAScript leave it to the DOM's, which do not belong here.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    instantiate(
      bytes: Uint8Array,
      imports: Readonly<Record<string, unknown>>,
    ): Promise<{ instance: { exports: Readonly<Record<string, unknown>> } }>;
  };
};

async function startEngine(url: string): Promise<SchemaEngine> {
  const glue = await (loading ??= loadGlue());
  const adapter = bindMigrationAwareSqlAdapterFactory(readingChars(url));
  const content = await readFile(new URL('schema.prisma', packageFolder), 'utf8');
  return await glue.SchemaEngine.new({ datamodels: [['schema.prisma', content]] }, () => undefined, adapter);
}

/** Once a process: the package's module keeps one instance. */
let loading: Promise<Glue> | undefined;

async function loadGlue(): Promise<Glue> {
  // Without this a panic of the engine is lost, and the call that met it never ends.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => process.stderr.write(`${text}\n`) },
  });
  const glue = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as unknown as Glue;
  const wasm = new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const { instance } = await WebAssembly.instantiate(await readFile(wasm), { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
  return glue;
}
