// MurmurHash3_x86_32 by Austin Appleby (public domain, SMHasher): fast and evenly spread. Not cryptographic: it decides
// arms, never access.

/** The hash of a text as an unsigned 32-bit integer. Each character counts as one byte: pass ASCII (ids, addresses, names). */
export function murmur3(text: string, seed: number): number {
  const { length } = text;
  const whole = length & ~3;
  let hash = seed | 0;
  let index = 0;
  for (; index < whole; index += 4) {
    const block =
      byteAt(text, index) |
      (byteAt(text, index + 1) << 8) |
      (byteAt(text, index + 2) << 16) |
      (byteAt(text, index + 3) << 24);
    hash ^= scramble(block);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  if (length - whole > 2) tail ^= byteAt(text, index + 2) << 16;
  if (length - whole > 1) tail ^= byteAt(text, index + 1) << 8;
  if (length > whole) hash ^= scramble(tail ^ byteAt(text, index));
  return finish(hash ^ length);
}

function byteAt(text: string, index: number): number {
  return text.charCodeAt(index) & 0xff;
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
