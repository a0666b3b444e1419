import { createCipheriv, hkdfSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { temporaryFolder } from '@sluice/local-stack';
import { expect, test } from 'vitest';
import { LastGood } from './last-good.js';
import type { ReceivedEntry } from './received.js';

const token = 'a token of sixteen or more';
const zstdMagic = Buffer.from('28b52ffd', 'hex');

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

const credential = (index: number): ReceivedEntry => ({
  position: index,
  lane: 2,
  tenantId: 'ten_1',
  environmentId: 'env_1',
  change: {
    kind: 'credential',
    id: `key_${index}`,
    subscriptionId: `sub_${index}`,
    hash: index.toString(16).padStart(64, '0'),
    state: 'active',
  },
});

test('however much is saved, other work goes on in between, and all of it is loaded', async () => {
  await using folder = await temporaryFolder();
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  const writtenIn = new Set<number>();
  // When the text of an entry is made, it says in which turn.
  const entries = Array.from({ length: 20_000 }, (_, index) => ({
    ...credential(index),
    toJSON: () => {
      writtenIn.add(turns);
      return credential(index);
    },
  }));
  const lastGood = new LastGood(folder.path, token);
  count();
  await lastGood.save({ historyId: 'h', position: 1, entries });
  isOver = true;
  expect(writtenIn.size).toBeGreaterThan(1);
  expect(await lastGood.load()).toMatchObject({
    state: 'loaded',
    saved: { historyId: 'h', position: 1, entries: Array.from({ length: 20_000 }, (_, index) => credential(index)) },
  });
});

test('a write that fails leaves the one before, and nothing else, on the disk', async () => {
  await using folder = await temporaryFolder();
  const lastGood = new LastGood(folder.path, token);
  await lastGood.save({ historyId: 'h', position: 1, entries: [] });
  const files = readdirSync(folder.path);
  const failing = {
    ...credential(1),
    toJSON: () => {
      throw new Error('no space left on device');
    },
  };
  await expect(lastGood.save({ historyId: 'h', position: 2, entries: [failing] })).rejects.toThrow('no space left');
  expect(readdirSync(folder.path)).toEqual(files);
  expect(await lastGood.load()).toMatchObject({ state: 'loaded', saved: { position: 1 } });
});

test('what was saved is loaded', async () => {
  await using folder = await temporaryFolder();
  const saved = { historyId: 'h', position: 1, entries: [] };
  const lastGood = new LastGood(folder.path, token);
  await lastGood.save(saved);
  expect(await lastGood.load()).toMatchObject({ state: 'loaded', saved });
});

test('what lies on disk shows nothing of what it holds, and opens with the token of the fleet alone', async () => {
  await using folder = await temporaryFolder();
  await new LastGood(folder.path, token).save({ historyId: 'a-history', position: 1, entries: [credential(1)] });
  const file = readFileSync(join(folder.path, 'last-good.snapshot'));
  // Texts would not be seen in what is compressed alone: that begins with four bytes of its own (RFC 8878, section 3.1.1).
  for (const shown of ['a-history', 'ten_1', zstdMagic]) expect(file.includes(shown)).toBe(false);
  expect(await new LastGood(folder.path, `${token}.`).load()).toMatchObject({ state: 'unreadable' });
});
