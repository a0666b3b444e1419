// Backup codes: ten, each good for one sign-in without the phone. 60 random bits in Crockford's letters and digits (no i, l, o, u),
// kept as an HMAC under AUTH_SECRET, so that a copy of the table gives none back. The library compares what it keeps with
// what it is given: the mount gives it the HMAC of what was typed.
import { createHmac, randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Config } from '../config.js';

export interface BackupCodes {
  generate(): string[];
  /** What is kept of a code, however it was typed: case, dashes and spaces do not matter. */
  sealed(code: string): string;
  /** The library's hook before it writes a list, of new codes or of what is left of the kept ones. */
  sealAll(json: string): string;
}

const letters = '0123456789abcdefghjkmnpqrstvwxyz';
const amount = 10;
const keptPattern = /^hmac-sha256:/;

export function createBackupCodes({ auth }: Pick<Config, 'auth'>): BackupCodes {
  const sealed = (code: string): string => {
    const typed = code.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');
    return `hmac-sha256:${createHmac('sha256', auth.secret).update(`backup code ${typed}`).digest('base64url')}`;
  };
  return {
    generate: () => Array.from({ length: amount }, newCode),
    sealed,
    sealAll: (json) => JSON.stringify(readCodes(json).map((code) => (keptPattern.test(code) ? code : sealed(code)))),
  };
}

export function readCodes(json: string): string[] {
  return z.array(z.string()).parse(JSON.parse(json));
}

/** `4zq8-m0xw-t7rk` */
function newCode(): string {
  const part = (): string => Array.from({ length: 4 }, () => letters.charAt(randomInt(letters.length))).join('');
  return `${part()}-${part()}-${part()}`;
}
