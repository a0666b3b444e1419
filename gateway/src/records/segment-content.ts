// What a segment file says. Its first frame is a header; each further frame holds rows, one JSON array a line.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { recordColumns, recordVersion, type SegmentJob } from '@sluice/contracts';
import { z } from 'zod';
import { readFrames } from './frame.js';

const compress = promisify(zstdCompress);
// Of a segment's rows this one makes less than the default, 3, for 60 % of its time.
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const timeColumn = recordColumns.indexOf('time');

const headerSchema = z.object({
  version: z.literal(1),
  recordVersion: z.int(),
  gatewayId: z.string(),
  bootId: z.string(),
  index: z.int(),
  firstSeq: z.int(),
  openedMs: z.int(),
});

export type SegmentHeader = z.infer<typeof headerSchema>;

export const segmentHeader = (
  fields: Pick<SegmentHeader, 'gatewayId' | 'bootId' | 'index' | 'firstSeq'>,
): SegmentHeader => ({
  version: 1,
  recordVersion,
  ...fields,
  openedMs: Date.now(),
});

export interface SegmentContent {
  readonly header: SegmentHeader;
  readonly rows: Buffer;
  readonly rowCount: number;
  /** Up to here the file is whole. */
  readonly goodBytes: number;
}

/**
 * Reads a file up to its last good frame; undefined when not even the header is whole, so that it holds no row.
 *
 * @param file is written over: the rows are moved together within it.
 */
export const readSegment = (file: Buffer): SegmentContent | undefined => {
  const { payloads, goodBytes } = readFrames(file);
  const [head, ...frames] = payloads;
  const header = headerSchema.safeParse(head === undefined ? undefined : parse(head.toString()));
  if (!header.success) return undefined;
  const rows = movedTogether(file, frames);
  let rowCount = 0;
  for (let at = rows.indexOf(10); at >= 0; at = rows.indexOf(10, at + 1)) rowCount += 1;
  return { header: header.data, rows, rowCount, goodBytes };
};

// Each frame lies behind what is written over for it.
const movedTogether = (file: Buffer, frames: readonly Buffer[]): Buffer => {
  let bytes = 0;
  for (const frame of frames) bytes += frame.copy(file, bytes);
  return file.subarray(0, bytes);
};

export const segmentIdOf = (header: SegmentHeader, sha256: string): string =>
  `${header.bootId}-${header.index}-${sha256.slice(0, 16)}`;

export const sha256Of = (rows: Buffer): string => createHash('sha256').update(rows).digest('hex');

export const segmentJob = async (content: SegmentContent, isClose: boolean): Promise<SegmentJob> => {
  const { header, rows, rowCount } = content;
  const sha256 = sha256Of(rows);
  return {
    version: 1,
    recordVersion: header.recordVersion,
    segmentId: segmentIdOf(header, sha256),
    gatewayId: header.gatewayId,
    bootId: header.bootId,
    index: header.index,
    firstSeq: header.firstSeq,
    rowCount,
    isClose,
    day: dayOf(rowCount === 0 ? header.openedMs : firstTime(rows)),
    sha256,
    rows: (await compress(rows, compression)).toString('base64'),
  };
};

/** The UTC day of a time, YYYY-MM-DD. */
export const dayOf = (unixMs: number): string => new Date(unixMs).toISOString().slice(0, 10);

const firstTime = (rows: Buffer): number => {
  const first = parse(rows.subarray(0, rows.indexOf(10)).toString());
  const time: unknown = Array.isArray(first) ? first[timeColumn] : undefined;
  if (typeof time !== 'number') throw new Error('the first row of a segment carries no time');
  return time;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
