import { createCipheriv, hkdfSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { temporaryFolder } from '@sluice/local-stack';
import { expect, test } from 'vitest';
import { LastGood } from './last-good.js';

const token = 'a token of sixteen or more';

/** Sealed as the gateway seals, so that only what is inside can be wrong. */
function sealed(inside: Buffer): Buffer {
  const magic = Buffer.from('SLUICE-SNAPSHOT-1\n');
  const [salt, iv] = [Buffer.alloc(16, 1), Buffer.alloc(12, 2)];
  const key = Buffer.from(hkdfSync('sha256', token, salt, 'sluice last good snapshot', 32));
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(magic);
  const bytes = Buffer.concat([cipher.update(inside), cipher.final()]);
  return Buffer.concat([magic, salt, iv, cipher.getAuthTag(), bytes]);
}

test.each([
  ['is not compressed', Buffer.from('plain')],
  ['is cut off', zstdCompressSync(Buffer.from('{"historyId":"h","position":1,"entries":[]}')).subarray(0, -6)],
  ['is not JSON', zstdCompressSync(Buffer.from('not JSON'))],
  ['is of another shape', zstdCompressSync(Buffer.from('{"historyId":1}'))],
])('a file that decrypts, but whose content %s, is unreadable and no reason to fail', async (_what, inside) => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'last-good.snapshot'), sealed(inside));
  expect(await new LastGood(folder.path, token).load()).toMatchObject({ state: 'unreadable' });
});

test('what was saved is loaded', async () => {
  await using folder = await temporaryFolder();
  const saved = { historyId: 'h', position: 1, entries: [] };
  const lastGood = new LastGood(folder.path, token);
  await lastGood.save(saved);
  expect(await lastGood.load()).toMatchObject({ state: 'loaded', saved });
});
