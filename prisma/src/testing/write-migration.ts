// `npm run migration -w @sluice/prisma -- <name>`: writes the SQL that takes the existing migrations to schema.prisma into
// a new migration, on a Postgres of its own. Grants and policies of new tables are then added by hand: the test of the
// catalogue says which are missing.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bootTestServers } from '@sluice/local-stack';
import { migrate } from '../migrate.js';
import { migrationsFolder } from '../migrations.js';
import { missingSql } from './schema-engine.js';

const name = process.argv[2];
if (name === undefined || !/^[a-z][a-z0-9_]{1,60}$/.test(name)) {
  process.stderr.write('Name the migration in snake_case: npm run migration -w @sluice/prisma -- add_teams\n');
  process.exit(64);
}

const servers = await bootTestServers({ postgres: true });
try {
  await migrate({ url: servers.postgres.url, roles: { app: 'app', auth: 'auth', feed: 'feed' } });
  const sql = await missingSql(servers.postgres.url);
  if (sql === '') {
    process.stdout.write('The migrations already make what schema.prisma says.\n');
  } else {
    const time = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
    const folder = new URL(`${time}_${name}/`, migrationsFolder);
    await mkdir(folder, { recursive: true });
    await writeFile(new URL('migration.sql', folder), sql);
    process.stdout.write(
      `Wrote ${fileURLToPath(folder)}migration.sql\nAdd grants and policies for new tables to it.\n`,
    );
  }
} finally {
  await servers.stop();
}
