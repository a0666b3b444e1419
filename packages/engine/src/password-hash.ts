// Hashes of passwords in the PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>` (RFC 9106) or
// `$scrypt$ln=14,r=8,p=1$<salt>$<hash>` (RFC 7914), salt and hash in base64 without padding. What checking one may cost is
// bounded: whoever guesses passwords makes the gateway do it.

export type PasswordHashFault = 'unknown' | 'malformed' | 'too_costly';

const argon2 = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
const scrypt = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
const mostMemoryKiB = 65_536;
const mostPasses = 10;
const mostLanes = 4;

/** Why a text cannot be checked against; undefined: it can. */
export function passwordHashFault(text: string): PasswordHashFault | undefined {
  if (text.startsWith('$argon2id$')) return argon2Fault(text);
  if (text.startsWith('$scrypt$')) return scryptFault(text);
  return 'unknown';
}

/** A hash as dear to check as this one, and of no password: what an unknown user is checked against. */
export function dummyHash(hash: string): string {
  const start = hash.lastIndexOf('$') + 1;
  return hash.slice(0, start) + (hash[start] === 'A' ? 'B' : 'A') + hash.slice(start + 1);
}

function argon2Fault(text: string): PasswordHashFault | undefined {
  const match = argon2.exec(text);
  const [memoryKiB = 0, passes = 0, lanes = 0] = match?.slice(1, 4).map(Number) ?? [];
  // RFC 9106, section 3.1: 8 KiB for each lane at least.
  if (!areSized(match?.[4], match?.[5]) || passes < 1 || lanes < 1 || memoryKiB < 8 * lanes) return 'malformed';
  return memoryKiB > mostMemoryKiB || passes > mostPasses || lanes > mostLanes ? 'too_costly' : undefined;
}

function scryptFault(text: string): PasswordHashFault | undefined {
  const match = scrypt.exec(text);
  const [logCost = 0, blockSize = 0, lanes = 0] = match?.slice(1, 4).map(Number) ?? [];
  if (!areSized(match?.[4], match?.[5]) || logCost < 1 || blockSize < 1 || lanes < 1) return 'malformed';
  // 128 * r bytes for each of N blocks (RFC 7914, section 6).
  return (2 ** logCost * blockSize) / 8 > mostMemoryKiB || lanes > mostLanes ? 'too_costly' : undefined;
}

// 8 to 64 bytes of salt, 16 to 64 of hash.
function areSized(salt = '', digest = ''): boolean {
  return salt.length >= 11 && salt.length <= 86 && digest.length >= 22 && digest.length <= 86;
}
