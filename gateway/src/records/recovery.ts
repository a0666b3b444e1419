// Takes over what a dead process left: proves that it is dead, cuts its open segment at the last good frame, seals it.
//
// Each step leaves a folder that the next process treats the same way: cutting twice cuts nothing more, the name of a
// sealed file follows from its content, and the rename is atomic. A file is deleted only when its rows are safe.
// A boot that ended like this gets no close segment: its records may end up to 5 ms before its death.
import { mkdir, readdir, readFile, rename, rm, stat, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { segmentIdSchema } from '@sluice/contracts';
import { lockNewFolder, takeOverFolder, type FolderLock } from './folder-lock.js';
import { sealedName, type SealedSegment } from './open-segment.js';
import { readSegment, segmentIdOf, sha256Of } from './segment-content.js';
import { syncFolder } from './sync-folder.js';

const bootPattern = /^boot_[0-9a-f]{32}$/;
const openPattern = /^(\d{1,9})\.open$/;
const sealedPattern = /^(boot_[0-9a-f]{32}-(\d{1,9})-[0-9a-f]{16})(\.close)?\.sealed$/;

export interface RecoveredBoot {
  readonly bootId: string;
  readonly folder: string;
  readonly lock: FolderLock;
  /** In order. */
  readonly segments: readonly SealedSegment[];
  readonly gatewayIds: readonly string[];
}

/** Boots below a directory, of whatever process. */
export const listBoots = async (directory: string): Promise<string[]> =>
  (await readdir(directory)).filter((name) => bootPattern.test(name)).toSorted();

/** Makes a boot's folder and owns it. It appears under its name only when it is locked. */
export const createBootFolder = async (
  directory: string,
  bootId: string,
): Promise<{ folder: string; lock: FolderLock }> => {
  const hidden = join(directory, `.new-${bootId}`);
  const folder = join(directory, bootId);
  await mkdir(hidden, { recursive: true, mode: 0o750 });
  const lock = await lockNewFolder(hidden);
  await rename(hidden, folder);
  await syncFolder(directory);
  return { folder, lock };
};

/** Seals what a boot left; undefined when its owner may live. */
export const recoverBoot = async (directory: string, bootId: string): Promise<RecoveredBoot | undefined> => {
  const folder = join(directory, bootId);
  const lock = await takeOverFolder(folder);
  if (lock === undefined) return undefined;
  try {
    const gatewayIds = new Set<string>();
    for (const name of await readdir(folder)) {
      if (openPattern.test(name)) await sealLeftover(folder, name);
    }
    await syncFolder(folder);
    const segments: (SealedSegment & { index: number })[] = [];
    for (const name of await readdir(folder)) {
      const found = sealedPattern.exec(name);
      if (found === null) continue;
      const content = readSegment(await readFile(join(folder, name)));
      if (content !== undefined) gatewayIds.add(content.header.gatewayId);
      const { size } = await stat(join(folder, name));
      segments.push({
        segmentId: segmentIdSchema.parse(found[1]),
        index: Number(found[2]),
        folder,
        isClose: found[3] !== undefined,
        bytes: size,
        rowCount: content?.rowCount ?? 0,
      });
    }
    segments.sort((one, other) => one.index - other.index);
    return { bootId, folder, lock, segments, gatewayIds: [...gatewayIds] };
  } catch (error) {
    await lock.release();
    throw error;
  }
};

/** Everything of the boot is safe: its folder goes. Files kept aside keep it. */
export const removeBootFolder = async (directory: string, folder: string): Promise<void> => {
  const names = await readdir(folder);
  if (names.some((name) => name.endsWith('.sealed') || name.endsWith('.damaged') || name.endsWith('.open'))) return;
  const gone = join(directory, `.gone-${folder.slice(folder.lastIndexOf('/') + 1)}`);
  await rename(folder, gone);
  await rm(gone, { recursive: true, force: true });
};

/** Folders that a process was making or removing when it died hold nothing. */
export const removeRemains = async (directory: string): Promise<void> => {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (name.startsWith('.gone-')) await rm(path, { recursive: true, force: true });
    if (!name.startsWith('.new-')) continue;
    const lock = await takeOverFolder(path).catch(() => undefined);
    if (lock === undefined) continue;
    await rm(path, { recursive: true, force: true });
    await lock.release();
  }
};

const sealLeftover = async (folder: string, name: string): Promise<void> => {
  const path = join(folder, name);
  const file = await readFile(path);
  const content = readSegment(file);
  // It was killed before its first row was whole.
  if (content === undefined || content.rowCount === 0) return unlink(path);
  if (content.goodBytes < file.length) await truncate(path, content.goodBytes);
  await syncFolder(path);
  await rename(path, join(folder, sealedName(segmentIdOf(content.header, sha256Of(content.rows)), false)));
};
