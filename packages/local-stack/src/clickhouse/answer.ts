// Writes one answer: head, compression as agreed, pieces with backpressure, and ClickHouse's way to say in the middle of a
// body that the query failed (a block marked by the tag of X-ClickHouse-Exception-Tag, since server 25.11).
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { constants, createBrotliCompress, createGzip, createZstdCompress } from 'node:zlib';

export interface AnswerSummary {
  readonly rows: number;
  readonly bytes: number;
  readonly elapsedMs: number;
  readonly isInsert: boolean;
}

export interface Answer {
  readonly hasBegun: boolean;
  setSummary(summary: AnswerSummary): void;
  write(bytes: Uint8Array): Promise<void>;
  end(bytes?: Uint8Array): Promise<void>;
  endWithException(message: string): Promise<void>;
}

export const openAnswer = (
  req: IncomingMessage,
  res: ServerResponse,
  { format, mayCompress }: { format: string; mayCompress: boolean },
): Answer => {
  const tag = randomBytes(8).toString('hex');
  let body: Writable | undefined;
  const begin = (): Writable => {
    if (body) return body;
    res.setHeader('Content-Type', contentType(format));
    res.setHeader('X-ClickHouse-Format', format);
    res.setHeader('X-ClickHouse-Timezone', 'UTC');
    res.setHeader('X-ClickHouse-Exception-Tag', tag);
    body = mayCompress ? compressor(req, res) : res;
    return body;
  };
  const write = async (bytes: Uint8Array): Promise<void> => {
    const target = begin();
    if (bytes.length === 0 || res.destroyed) return;
    if (!target.write(bytes)) await Promise.race([once(target, 'drain'), once(res, 'close')]);
  };
  const end = async (bytes?: Uint8Array): Promise<void> => {
    if (bytes) await write(bytes);
    const target = begin();
    if (res.destroyed) return;
    const closed = once(res, 'close');
    target.end();
    await Promise.race([once(res, 'finish'), closed]);
  };
  return {
    get hasBegun() {
      return body !== undefined;
    },
    setSummary: ({ rows, bytes, elapsedMs, isInsert }) => {
      const rowsRead = isInsert ? 0 : rows;
      const rowsWritten = isInsert ? rows : 0;
      const bytesWritten = isInsert ? bytes : 0;
      const summary = {
        read_rows: String(rowsRead),
        read_bytes: String(isInsert ? 0 : bytes),
        written_rows: String(rowsWritten),
        written_bytes: String(bytesWritten),
        total_rows_to_read: '0',
        result_rows: String(rowsWritten),
        result_bytes: String(bytesWritten),
        elapsed_ns: String(Math.round(elapsedMs * 1e6)),
      };
      res.setHeader('X-ClickHouse-Summary', JSON.stringify(summary));
    },
    write,
    end,
    endWithException: async (message) => {
      // The length counts the line end of the message.
      const text = `${message}\n`;
      const length = Buffer.byteLength(text);
      await end(Buffer.from(`\r\n__exception__\r\n${tag}\r\n${text}${length} ${tag}\r\n__exception__\r\n`));
    },
  };
};

const compressor = (req: IncomingMessage, res: ServerResponse): Writable => {
  const accepted = req.headers['accept-encoding']?.toString() ?? '';
  const named = ['gzip', 'zstd', 'br'].find((encoding) => new RegExp(`\\b${encoding}\\b`).test(accepted));
  if (named === undefined) return res;
  res.setHeader('Content-Encoding', named);
  res.setHeader('Vary', 'Accept-Encoding');
  const stream =
    named === 'gzip'
      ? createGzip({ level: 3, flush: constants.Z_SYNC_FLUSH })
      : named === 'br'
        ? createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
        : createZstdCompress();
  stream.pipe(res);
  return stream;
};

const contentType = (format: string): string => {
  const name = format.toLowerCase();
  if (name.includes('eachrow')) return 'application/x-ndjson; charset=UTF-8';
  if (name.startsWith('json')) return 'application/json; charset=UTF-8';
  if (name.startsWith('csv')) return 'text/csv; charset=UTF-8; header=absent';
  if (name.startsWith('tabseparated') || name.startsWith('tsv')) return 'text/tab-separated-values; charset=UTF-8';
  return 'application/octet-stream';
};
