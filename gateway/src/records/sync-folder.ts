// Makes names that were created, renamed or removed in a folder survive a power cut.
import { open } from 'node:fs/promises';

export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};
