// One request of ClickHouse's HTTP interface: authenticate, read, run, answer.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { openAnswer, type Answer } from './answer.js';
import type { Engine, Statement } from './engine.js';
import { insertFromFile } from './read-statement.js';
import { isAllowed, readRequest, type ClickHouseRequest } from './read-request.js';
import { RefusedQuery, toQueryError } from './refused-query.js';
import { quoteString } from './sql-text.js';
import { requestUrl } from '../request-url.js';

export interface HandlerParts {
  readonly engine: Engine;
  readonly spoolDir: string;
  readonly user: string;
  readonly password: string;
}

/** Formats without a header or a footer: pieces of them can be joined. */
const streamable = new Set(
  [
    'JSONEachRow',
    'JSONStringsEachRow',
    'JSONCompactEachRow',
    'JSONCompactStringsEachRow',
    'TabSeparated',
    'TSV',
    'TabSeparatedRaw',
    'TSVRaw',
    'CSV',
    'RowBinary',
  ].map((name) => name.toLowerCase()),
);

export const handleRequest = async (req: IncomingMessage, res: ServerResponse, parts: HandlerParts): Promise<void> => {
  const url = requestUrl(req);
  if (url.pathname === '/ping' || (req.method === 'GET' && url.search === '')) {
    res.end('Ok.\n');
    return;
  }
  const queryId = url.searchParams.get('query_id') ?? randomUUID();
  res.setHeader('X-ClickHouse-Query-Id', queryId);
  let request: ClickHouseRequest | undefined;
  try {
    if (!isAllowed(req, url, parts.user, parts.password)) {
      throw new RefusedQuery(
        516,
        'AUTHENTICATION_FAILED',
        'Authentication failed: password is incorrect, or there is no user with such name',
      );
    }
    request = await readRequest(req, url, queryId, parts.spoolDir);
    await run(request, req, res, parts.engine);
  } catch (error) {
    answerError(req, res, error);
  } finally {
    if (request?.dataFile !== undefined) await rm(request.dataFile, { force: true });
  }
};

const run = async (
  request: ClickHouseRequest,
  req: IncomingMessage,
  res: ServerResponse,
  engine: Engine,
): Promise<void> => {
  const { statement, dataFile, settings } = request;
  const isReadonly = settings.has('readonly') && settings.get('readonly') !== '0';
  if (isReadonly && statement.kind !== 'read')
    throw new RefusedQuery(164, 'READONLY', 'Cannot execute query in readonly mode');

  const format = (statement.kind === 'insert-data' ? undefined : statement.format) ?? request.format ?? 'TabSeparated';
  const sql = statement.kind === 'insert-data' ? insertFromFile(statement, quoteString(dataFile ?? '')) : statement.sql;
  const job: Statement = { ...request, sql, format };

  const gone = new AbortController();
  res.once('close', () => {
    if (res.writableFinished) return;
    gone.abort();
    void engine.cancel(request.queryId).catch((error: unknown) => {
      console.error(`cancelling ${request.queryId}: ${String(error)}`);
    });
  });
  const answer = openAnswer(req, res, { format, mayCompress: request.mayCompress });

  if (statement.kind === 'read' && statement.canStream && !request.mustBuffer && streamable.has(format.toLowerCase())) {
    await streamAnswer(job, answer, engine, gone.signal);
    return;
  }
  const result = await engine.run(job);
  const isInsert = statement.kind === 'insert-data' || /^\s*insert\b/i.test(sql);
  answer.setSummary({ rows: result.rowsRead, bytes: result.bytesRead, elapsedMs: result.elapsedMs, isInsert });
  await answer.end(result.bytes);
};

const streamAnswer = async (job: Statement, answer: Answer, engine: Engine, signal: AbortSignal): Promise<void> => {
  try {
    await engine.stream(job, async (bytes) => answer.write(bytes), signal);
    await answer.end();
  } catch (error) {
    if (signal.aborted) return;
    if (!answer.hasBegun) throw error;
    await answer.endWithException(toQueryError(error).text);
  }
};

const answerError = (req: IncomingMessage, res: ServerResponse, error: unknown): void => {
  const { code, status, text } = toQueryError(error);
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  res.statusCode = status;
  res.setHeader('X-ClickHouse-Exception-Code', String(code));
  res.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  // A body that was not read to its end would be taken for the next request.
  if (!req.complete) res.setHeader('Connection', 'close');
  res.end(`${text}\n`);
};
