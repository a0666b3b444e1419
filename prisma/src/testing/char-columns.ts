// Postgres's catalogue has columns of the type "char" (one byte). Prisma's schema engine wants them as characters; its
// adapter for pg refuses the type. This is the adapter with that type added.
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';

export function readingChars(url: string): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(new CharPool({ connectionString: url }), { disposeExternalPool: true });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      for (const column of charColumns.get(result.rows) ?? []) result.columnTypes[column] = ColumnTypeEnum.Character;
      return result;
    };
    return adapter;
  };
  return factory;
}

/** By the rows of a result: which of its columns are of the type "char". */
const charColumns = new WeakMap<readonly unknown[], number[]>();

// Of Postgres's catalogue: pg_type.
const oids = { char: 18, text: 25 } as const;

/** Shows such columns as text, which the adapter knows, and keeps in mind which they were. */
class CharPool extends pg.Pool {
  override query = (async (...args: unknown[]) => {
    const result = await (super.query as (...args: unknown[]) => Promise<pg.QueryResult>)(...args);
    const columns = result.fields.flatMap((field, index) => (field.dataTypeID === oids.char ? [index] : []));
    for (const column of columns) Object.assign(result.fields[column] ?? {}, { dataTypeID: oids.text });
    if (columns.length > 0) charColumns.set(result.rows, columns);
    return result;
  }) as pg.Pool['query'];
}
