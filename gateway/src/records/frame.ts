// Frames: how rows lie in a segment file. Length (4 bytes, little endian), CRC-32 (4 bytes) of the payload, payload.
// A process that is killed leaves a torn frame at the end at most; everything before it is whole, and provably so.
import { crc32 } from 'node:zlib';

export const frameHeadBytes = 8;
/** No frame is longer; a length above it is a torn or foreign one, and is not read. */
const longestPayloadBytes = 16 * 1024 * 1024;

export interface Frames {
  readonly payloads: Buffer[];
  /** Up to here the file is whole. */
  readonly goodBytes: number;
}

export const readFrames = (file: Buffer): Frames => {
  const payloads: Buffer[] = [];
  let at = 0;
  while (at + frameHeadBytes <= file.length) {
    const length = file.readUInt32LE(at);
    const end = at + frameHeadBytes + length;
    if (length > longestPayloadBytes || end > file.length) break;
    const payload = file.subarray(at + frameHeadBytes, end);
    if (crc32(payload) !== file.readUInt32LE(at + 4)) break;
    payloads.push(payload);
    at = end;
  }
  return { payloads, goodBytes: at };
};
