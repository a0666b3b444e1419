// From an HTTP request to what is to be run: who asks, the statement, its settings and parameters, and - for an insert -
// its data as a complete file on disk.
import { timingSafeEqual, createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { readStatement, type ReadStatement } from './read-statement.js';
import { RefusedQuery } from './refused-query.js';

export interface ClickHouseRequest {
  readonly statement: ReadStatement;
  readonly queryId: string;
  readonly settings: Map<string, string>;
  readonly parameters: Map<string, string>;
  readonly database: string | undefined;
  readonly format: string | undefined;
  /** The file that holds an insert's data; whoever runs the insert removes it. */
  readonly dataFile: string | undefined;
  readonly mayCompress: boolean;
  readonly mustBuffer: boolean;
}

const maximumQueryBytes = 64 * 1024 * 1024;
/** Of the HTTP interface itself, unknown to the engine. */
const httpOnly = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'quota_key',
  'role',
  'client_protocol_version',
  'stacktrace',
  'wait_end_of_query',
  'buffer_size',
  'enable_http_compression',
  'http_zlib_compression_level',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'http_response_buffer_size',
  'cancel_http_readonly_queries_on_client_close',
]);

export const isAllowed = (req: IncomingMessage, url: URL, user: string, password: string): boolean => {
  const basic = /^Basic (.+)$/i.exec(req.headers.authorization ?? '')?.[1];
  const decoded = basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8');
  const header = (name: string): string | undefined => req.headers[name]?.toString();
  const givenUser =
    decoded?.slice(0, decoded.indexOf(':')) ?? header('x-clickhouse-user') ?? url.searchParams.get('user') ?? 'default';
  const givenPassword =
    decoded?.slice(decoded.indexOf(':') + 1) ?? header('x-clickhouse-key') ?? url.searchParams.get('password') ?? '';
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(`${givenUser}\n${givenPassword}`), digest(`${user}\n${password}`));
};

export const readRequest = async (
  req: IncomingMessage,
  url: URL,
  queryId: string,
  spoolDir: string,
): Promise<ClickHouseRequest> => {
  const settings = new Map<string, string>();
  const parameters = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    if (name.startsWith('param_')) parameters.set(name.slice('param_'.length), value);
    else if (name === 'compress' || name === 'decompress' || name === 'session_id') {
      if (value !== '' && value !== '0')
        throw new RefusedQuery(48, 'NOT_IMPLEMENTED', `${name} is not available in this engine`);
    } else if (!httpOnly.has(name)) settings.set(name, value);
  }
  // As ClickHouse does: GET never changes anything.
  if (req.method === 'GET' && !settings.has('readonly')) settings.set('readonly', '2');

  const file = join(spoolDir, `${randomUUID()}.data`);
  const { statement, dataFile } = await readBody(req, url.searchParams.get('query') ?? '', parameters, file);
  return {
    statement,
    dataFile,
    queryId,
    settings,
    parameters,
    database: url.searchParams.get('database') ?? req.headers['x-clickhouse-database']?.toString(),
    format: url.searchParams.get('default_format') ?? req.headers['x-clickhouse-format']?.toString(),
    mayCompress: url.searchParams.get('enable_http_compression') === '1',
    mustBuffer: url.searchParams.get('wait_end_of_query') === '1',
  };
};

const readBody = async (
  req: IncomingMessage,
  urlQuery: string,
  parameters: Map<string, string>,
  file: string,
): Promise<{ statement: ReadStatement; dataFile: string | undefined }> => {
  const body = decompressed(req);
  const inUrl = urlQuery.trim() === '' ? undefined : readStatement(urlQuery);
  if (inUrl?.kind === 'insert-data') {
    const rest = urlQuery.slice(inUrl.dataStart).trim();
    if (rest !== '' && rest !== ';')
      throw new RefusedQuery(62, 'SYNTAX_ERROR', 'With the query in the URL the data belongs into the body');
    await pipeline(body, createWriteStream(file, { mode: 0o600 }));
    return { statement: inUrl, dataFile: file };
  }

  const bytes = await readAll(body);
  const form =
    req.headers['content-type']?.startsWith('multipart/form-data') === true
      ? await readForm(bytes, req.headers['content-type'])
      : undefined;
  for (const [name, value] of form ?? [])
    if (name.startsWith('param_')) parameters.set(name.slice('param_'.length), value);
  const text = form ? (form.get('query') ?? '') : bytes.toString('utf8');
  const sql = [urlQuery, text].filter((part) => part.trim() !== '').join('\n');
  const statement = readStatement(sql);
  if (statement.kind !== 'insert-data') return { statement, dataFile: undefined };
  // One line end separates the format's name from the data.
  await writeFile(file, sql.slice(statement.dataStart).replace(/^[ \t]*(\r?\n)?/, ''), { mode: 0o600 });
  return { statement, dataFile: file };
};

const decompressed = (req: IncomingMessage): Readable => {
  const encoding = req.headers['content-encoding'] ?? 'identity';
  switch (encoding) {
    case 'identity':
      return req;
    case 'gzip':
      return req.pipe(passErrorsTo(req, createGunzip()));
    case 'deflate':
      return req.pipe(passErrorsTo(req, createInflate()));
    case 'br':
      return req.pipe(passErrorsTo(req, createBrotliDecompress()));
    case 'zstd':
      return req.pipe(passErrorsTo(req, createZstdDecompress()));
    default:
      throw new RefusedQuery(
        48,
        'NOT_IMPLEMENTED',
        `Content-Encoding ${encoding} is unknown: use gzip, br, zstd or deflate`,
      );
  }
};

// `pipe` alone would leave the reader waiting for ever when the connection breaks.
const passErrorsTo = <T extends NodeJS.WritableStream & { destroy(error?: Error): unknown }>(
  req: IncomingMessage,
  next: T,
): T => {
  req.once('error', (error) => next.destroy(error));
  req.once('close', () => {
    if (!req.complete) next.destroy(new Error('the body broke off'));
  });
  return next;
};

const readAll = async (body: Readable): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Buffer)) throw new TypeError('a body of text');
    size += chunk.length;
    if (size > maximumQueryBytes)
      throw new RefusedQuery(
        62,
        'SYNTAX_ERROR',
        `A query may have ${maximumQueryBytes} bytes: send data with the query in the URL`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const readForm = async (bytes: Buffer, contentType: string): Promise<Map<string, string>> => {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
  return new Map([...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
};
