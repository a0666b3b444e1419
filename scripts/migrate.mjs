// Brings both databases to this version's schema, and gives the Postgres roles their passwords. Its input comes by the
// environment, as one JSON object in SLUICE_MIGRATE: { postgresUrl, roles: { app, auth, feed }, clickhouseUrl }. It prints
// one line of JSON, the URLs of the three roles, for whoever starts the processes.
import { migrateClickHouse } from '@sluice/clickhouse';
import { migrate, roleUrls } from '@sluice/prisma';

const { postgresUrl, roles, clickhouseUrl } = JSON.parse(process.env['SLUICE_MIGRATE'] ?? '{}');
if (!postgresUrl || !roles || !clickhouseUrl) {
  process.stderr.write('SLUICE_MIGRATE must hold postgresUrl, roles and clickhouseUrl as JSON.\n');
  process.exit(78);
}

const results = await Promise.allSettled([
  migrate({ url: postgresUrl, roles, onProgress: (text) => process.stderr.write(`${text}\n`) }),
  migrateClickHouse(clickhouseUrl),
]);
for (const [index, name] of ['Postgres', 'ClickHouse'].entries()) {
  const result = results[index];
  if (result.status === 'fulfilled') continue;
  const { reason } = result;
  const cause = reason?.cause?.message ? `: ${reason.cause.message}` : '';
  process.stderr.write(`${name} could not be migrated: ${reason?.message ?? reason}${cause}\n`);
  process.exitCode = 1;
}
if (process.exitCode !== 1) process.stdout.write(`${JSON.stringify({ roleUrls: roleUrls(postgresUrl, roles) })}\n`);
