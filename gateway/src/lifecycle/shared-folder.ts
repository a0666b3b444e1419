// What two generations of one gateway share on the disk while they live side by side, beyond what keeps itself apart: each
// boot has a folder of its own in the spool, and the last good snapshot is replaced as a whole by whoever was last.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BootFile } from '../limits/boot-file.js';

/**
 * `limits.json` says which boot ran last and how it ended. With two of them, it is the younger's: what the older one leaves
 * behind when it goes, the younger one, a member beside it, has seen already.
 */
export class GenerationBootFile implements BootFile {
  readonly #file: BootFile;
  readonly #isSuccessor: boolean;
  #last = '';
  #isPassedOn = false;

  constructor(file: BootFile, isSuccessor: boolean) {
    this.#file = file;
    this.#isSuccessor = isSuccessor;
  }

  /** A successor has no former process: that one lives, and leaves by itself. Called `lost`, it would be fenced. */
  read(): string | undefined {
    return this.#isSuccessor ? undefined : this.#file.read();
  }

  write(text: string): void {
    this.#last = text;
    if (!this.#isPassedOn) this.#file.write(text);
  }

  passOn(): void {
    this.#isPassedOn = true;
  }

  /** A successor that did not come to serve may have written itself down. */
  reclaim(): void {
    this.#file.write(this.#last);
  }
}

/** Whom to signal: the process that serves, whichever generation it is. systemd reads it (`PIDFile=`). */
export class PidFile {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, 'gateway.pid');
    mkdirSync(folder, { recursive: true });
  }

  write(): void {
    const fresh = `${this.#path}.${process.pid}.new`;
    writeFileSync(fresh, `${process.pid}\n`);
    renameSync(fresh, this.#path);
  }

  /** Only while it names this process. */
  remove(): void {
    try {
      if (Number(readFileSync(this.#path, 'utf8')) === process.pid) rmSync(this.#path);
    } catch {
      // Somebody has removed it.
    }
  }
}
