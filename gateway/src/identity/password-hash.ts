// Password hashes in PHC string form: argon2id (RFC 9106) and scrypt (RFC 7914), by Node's own crypto on libuv's threads.
// What a hash asks for is bounded: it stands in a tenant's document, and the memory is the gateway's.
import { argon2, scrypt, timingSafeEqual } from 'node:crypto';

export interface PasswordHash {
  /** CPU milliseconds that checking one password takes, as measured, rounded up. */
  readonly costMs: number;
  isOf(password: string): Promise<boolean>;
}

const mostMemoryKib = 262_144;
const mostCostMs = 2000;
const argon2MsPerKib = 0.0012;
const scryptMsPerBlock = 0.0005;

/** Undefined: no hash of these kinds, or one that asks for too much. */
export function readPasswordHash(text: string): PasswordHash | undefined {
  const found = readArgon2(text) ?? readScrypt(text);
  return found === undefined || found.costMs > mostCostMs ? undefined : found;
}

function readArgon2(text: string): PasswordHash | undefined {
  const parts =
    /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/.exec(
      text,
    );
  if (parts === null) return undefined;
  const [memory, passes, parallelism] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (passes < 1 || parallelism < 1 || memory < 8 * parallelism || memory > mostMemoryKib) return undefined;
  const nonce = Buffer.from(parts[4] ?? '', 'base64');
  const expected = Buffer.from(parts[5] ?? '', 'base64');
  return {
    costMs: memory * passes * argon2MsPerKib,
    isOf: async (password) =>
      new Promise((resolve, reject) =>
        argon2(
          'argon2id',
          { message: password, nonce, parallelism, memory, passes, tagLength: expected.length },
          (error, derived) => (error === null ? resolve(timingSafeEqual(derived, expected)) : reject(error)),
        ),
      ),
  };
}

function readScrypt(text: string): PasswordHash | undefined {
  const parts = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/.exec(
    text,
  );
  if (parts === null) return undefined;
  const [N, r, p] = [2 ** Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const memoryBytes = 128 * N * r;
  if (N < 2 || r < 1 || p < 1 || memoryBytes > mostMemoryKib * 1024) return undefined;
  const salt = Buffer.from(parts[4] ?? '', 'base64');
  const expected = Buffer.from(parts[5] ?? '', 'base64');
  return {
    costMs: N * r * p * scryptMsPerBlock,
    isOf: async (password) =>
      new Promise((resolve, reject) =>
        scrypt(
          password,
          salt,
          expected.length,
          // Node's bound on memory counts a little more than the RFC's.
          { N, r, p, maxmem: memoryBytes + 128 * r * p + 1_048_576 },
          (error, derived) => (error === null ? resolve(timingSafeEqual(derived, expected)) : reject(error)),
        ),
      ),
  };
}
