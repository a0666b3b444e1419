// What `sluice login` keeps: one file in the configuration folder (XDG Base Directory), readable by its owner alone, since the
// token in it is worth a password. It is replaced in one step, so that no reader finds half of it.
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Io } from '../io.js';
import { Stop } from '../stop.js';

const savedSchema = z.object({
  url: z.string(),
  token: z.string(),
  tenant: z.string().optional(),
  environment: z.string().optional(),
});

export type SavedSettings = z.infer<typeof savedSchema>;

export function settingsFile({ env }: Pick<Io, 'env'>): string {
  const folder = env['XDG_CONFIG_HOME'] ?? '';
  // The specification says that a relative path in it is to be ignored.
  const base = folder.startsWith('/') ? folder : join(env['HOME'] ?? homedir(), '.config');
  return join(base, 'sluice', 'config.json');
}

/** Undefined: nobody has signed in. */
export async function readSettings(io: Pick<Io, 'env'>): Promise<SavedSettings | undefined> {
  const file = settingsFile(io);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(file);
  }
  try {
    return savedSchema.parse(JSON.parse(text));
  } catch {
    throw unreadable(file);
  }
}

/** Returns the file. */
export async function saveSettings(io: Pick<Io, 'env'>, settings: SavedSettings): Promise<string> {
  const file = settingsFile(io);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o600 });
  // The mode of writeFile is one of creation alone, and is cut by the umask.
  await chmod(draft, 0o600);
  await rename(draft, file);
  return file;
}

export async function removeSettings(io: Pick<Io, 'env'>): Promise<void> {
  await rm(settingsFile(io), { force: true });
}

function unreadable(file: string): Stop {
  return new Stop({
    exit: 'usage',
    code: 'settings_unreadable',
    title: 'The saved settings cannot be read',
    detail: `${file} is not readable, or is not what \`sluice login\` writes. Delete it and sign in again.`,
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
