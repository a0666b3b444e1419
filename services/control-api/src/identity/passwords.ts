// Passwords at rest: Argon2id (RFC 9106) with 19 MiB and two passes, OWASP's least; about 30 ms on a server core. Kept in the
// PHC string format, so that the cost can be raised later and old hashes still verify.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const phcPattern =
  /^\$argon2id\$v=19\$m=(?<memory>\d{1,7}),t=(?<passes>\d{1,2}),p=(?<parallelism>\d)\$(?<salt>[\w+/]+)\$(?<tag>[\w+/]+)$/;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await derive(password, salt, cost);
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** False too when the hash is not one of ours. */
export async function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const groups = phcPattern.exec(hash)?.groups;
  if (groups === undefined) return false;
  const expected = Buffer.from(groups['tag'] ?? '', 'base64');
  const tag = await derive(password, Buffer.from(groups['salt'] ?? '', 'base64'), {
    memory: Number(groups['memory']),
    passes: Number(groups['passes']),
    parallelism: Number(groups['parallelism']),
    tagLength: expected.length,
  });
  return timingSafeEqual(tag, expected);
}

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly tagLength: number;
}

// NFKC, so that one password typed on two keyboards is one password.
async function derive(password: string, nonce: Buffer, options: Cost): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFKC'));
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce, ...options }, (error, tag) => {
      if (error === null) resolve(tag);
      else reject(error);
    });
  });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
