// The numbered SQL files of this package. They are read from the package itself, so that source and build see the same.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Migration {
  /** `0001-requests` */
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

const folder = new URL('../../migrations/', import.meta.url);

/** In the order of their numbers, which are without gaps. */
export function readMigrations(): Migration[] {
  const files = readdirSync(fileURLToPath(folder))
    .filter((file) => file.endsWith('.sql'))
    .sort();
  return files.map((file, index) => {
    const number = String(index + 1).padStart(4, '0');
    if (!file.startsWith(`${number}-`)) throw new Error(`${file}: the next migration begins with ${number}-`);
    const text = readFileSync(fileURLToPath(new URL(file, folder)), 'utf8');
    return { name: file.replace(/\.sql$/, ''), text, sha256: createHash('sha256').update(text).digest('hex') };
  });
}
