// The last good snapshot on disk: with it a gateway starts and serves without the control plane. It holds hashes of keys
// and the tenants' configuration, so it is encrypted (AES-256-GCM, the key derived from the fleet's token by HKDF), and
// it is written beside and renamed (temporary file, fsync, rename), so that a crash leaves the old one whole.
//
// Writing is done in slices: a fleet with 100,000 keys comes to 66 MB of JSON, and the main thread, which leases units for
// everybody, stood still for a second when it was made at once.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createZstdCompress, zstdDecompress } from 'node:zlib';
import { z } from 'zod';
import { receivedEntrySchema } from './received.js';

const savedSchema = z.object({
  /** Of the gateway that wrote it. */
  version: z.string().optional(),
  historyId: z.string(),
  position: z.int(),
  mark: z.string().optional(),
  entries: z.array(receivedEntrySchema),
});
export type Saved = z.infer<typeof savedSchema>;
export type ToSave = Omit<Saved, 'entries'> & { readonly entries: Iterable<Saved['entries'][number]> };

export type LoadResult =
  | {
      readonly state: 'loaded';
      readonly saved: Saved;
      /** When the control plane was last heard, Unix milliseconds. */ readonly contactAt: number;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly reason: string };

const magic = Buffer.from('SLUICE-SNAPSHOT-1\n');
const saltBytes = 16;
const ivBytes = 12;
const tagBytes = 16;
const sliceMs = 2;
const decompress = promisify(zstdDecompress);

export class LastGood {
  readonly #file: string;

  constructor(
    private readonly directory: string,
    private readonly token: string,
  ) {
    this.#file = join(directory, 'last-good.snapshot');
  }

  async load(): Promise<LoadResult> {
    let sealed: Buffer;
    let contactAt: number;
    try {
      sealed = await readFile(this.#file);
      contactAt = (await stat(this.#file)).mtimeMs;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { state: 'absent' };
      return { state: 'unreadable', reason: error instanceof Error ? error.message : 'it cannot be read' };
    }
    const plain = this.#unseal(sealed);
    if (plain === undefined)
      return { state: 'unreadable', reason: 'it was written with another FLEET_TOKEN, or is damaged' };
    let content: unknown;
    try {
      content = JSON.parse((await decompress(plain)).toString());
    } catch {
      return { state: 'unreadable', reason: 'what it holds is neither zstd nor JSON: it was not written whole' };
    }
    const parsed = savedSchema.safeParse(content);
    if (!parsed.success) return { state: 'unreadable', reason: 'another version of the gateway wrote it' };
    return { state: 'loaded', saved: parsed.data, contactAt };
  }

  async save(saved: ToSave): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const temporary = `${this.#file}.${process.pid}.new`;
    try {
      const handle = await open(temporary, 'w', 0o600);
      try {
        await this.#writeSealed(saved, handle);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, this.#file);
    } catch (error) {
      // A part of it would take what a full disk has left from the records.
      await rm(temporary, { force: true });
      throw error;
    }
    const folder = await open(this.directory, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  /** The control plane was heard, and nothing has changed: the file's time says so. */
  async touch(at: Date): Promise<void> {
    await utimes(this.#file, at, at);
  }

  async #writeSealed(saved: ToSave, handle: FileHandle): Promise<void> {
    const salt = randomBytes(saltBytes);
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key(salt), iv).setAAD(magic);
    const beforeTag = Buffer.concat([magic, salt, iv]);
    await handle.writeFile(Buffer.concat([beforeTag, Buffer.alloc(tagBytes)]));
    await pipeline(jsonOf(saved), createZstdCompress(), async (compressed: AsyncIterable<Buffer>) => {
      for await (const chunk of compressed) await handle.writeFile(cipher.update(chunk));
    });
    await handle.writeFile(cipher.final());
    // It is known only now.
    await handle.write(cipher.getAuthTag(), 0, tagBytes, beforeTag.length);
  }

  #unseal(file: Buffer): Buffer | undefined {
    if (!file.subarray(0, magic.length).equals(magic)) return undefined;
    let at = magic.length;
    const take = (bytes: number): Buffer => file.subarray(at, (at += bytes));
    const [salt, iv, tag] = [take(saltBytes), take(ivBytes), take(tagBytes)];
    if (tag.length !== tagBytes) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#key(salt), iv).setAAD(magic).setAuthTag(tag);
    try {
      return Buffer.concat([decipher.update(file.subarray(at)), decipher.final()]);
    } catch {
      return undefined; // the tag does not fit: another key, or another content
    }
  }

  #key(salt: Buffer): Buffer {
    return Buffer.from(hkdfSync('sha256', this.token, salt, 'sluice last good snapshot', 32));
  }
}

/** Written over many turns. An entry never changes; one that is newer than the position comes again, and changes nothing then. */
async function* jsonOf({ entries, ...head }: ToSave): AsyncGenerator<string> {
  // What is added to it stands last.
  let text = `${JSON.stringify(head).slice(0, -1)},"entries":[`;
  let untilMs = performance.now() + sliceMs;
  let separator = '';
  for (const entry of entries) {
    text += `${separator}${JSON.stringify(entry)}`;
    separator = ',';
    if (performance.now() < untilMs) continue;
    yield text;
    text = '';
    await turn();
    untilMs = performance.now() + sliceMs;
  }
  yield `${text}]}`;
}
