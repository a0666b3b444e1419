// An authenticator app: the codes of RFC 6238 from the Base32 secret that a person types into it.
import { createHmac } from 'node:crypto';
import type { TwoFactorEnrolment } from '@sluice/contracts';
import type { Person } from './person.js';

const stepMs = 30_000;

export class Authenticator {
  #lastStep = 0;

  constructor(private readonly secret: string) {}

  /**
   * A code that was not given before: that of now, or, asked a second time within half a minute, the one that comes next, which
   * servers take too.
   */
  next(): string {
    this.#lastStep = Math.max(Math.floor(Date.now() / stepMs), this.#lastStep + 1);
    return codeAt(this.secret, this.#lastStep);
  }

  /** One that is wrong now and in the minutes around. @param n another one for each */
  wrong(n = 0): string {
    const step = Math.floor(Date.now() / stepMs);
    const right = new Set(Array.from({ length: 21 }, (_, index) => codeAt(this.secret, step - 10 + index)));
    for (let code = n * 50_000; ; code += 1) {
      const text = String(code % 1_000_000).padStart(6, '0');
      if (!right.has(text)) return text;
    }
  }
}

export interface Enrolled extends TwoFactorEnrolment {
  readonly app: Authenticator;
}

/** Switches two-factor on. */
export async function enrol(person: Person): Promise<Enrolled> {
  const enrolment = await person.ask<TwoFactorEnrolment>('POST', '/v1/auth/two-factor/enable', {
    password: person.password,
  });
  const app = new Authenticator(enrolment.secret);
  await person.ask('POST', '/v1/auth/two-factor/verify-totp', { code: app.next() });
  return { ...enrolment, app };
}

function codeAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0');
}

/** The bytes that the app keeps. */
export function fromBase32(text: string): Buffer {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = Array.from(text, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
