// What a client's SQL is: a query, an insert with data behind it, or something else; and what is refused before the engine
// sees it. chdb would run several statements of one text, and its table functions read any file and call any host.
import { RefusedQuery } from './refused-query.js';
import { tokensOf, type Token } from './sql-text.js';

export type ReadStatement =
  | { readonly kind: 'read'; readonly sql: string; readonly format: string | undefined; readonly canStream: boolean }
  | { readonly kind: 'insert-data'; readonly head: string; readonly format: string; readonly dataStart: number }
  | { readonly kind: 'other'; readonly sql: string; readonly format: string | undefined };

const readers = new Set(['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN', 'FROM']);
const streamers = new Set(['SELECT', 'WITH', 'FROM']);
const refusedStatements = new Set(['BACKUP', 'RESTORE', 'SET', 'USE']);

// Table functions, engines, dictionary sources and disks that leave the engine.
const reachesOut =
  /^(file|filecluster|filesystem|url|urlcluster|http|s3\w*|gcs\w*|oss\w*|cosn\w*|hdfs\w*|azure\w*|iceberg\w*|deltalake\w*|hudi\w*|paimon\w*|executable\w*|jdbc|odbc|mysql|postgresql|materializedpostgresql|mongodb|redis|sqlite|nats|kafka|rabbitmq|remote|remotesecure|cluster|clusterallreplicas|clickhouse|ytsaurus|disk|arrowflight|arrowstream|prometheus\w*|py|python)$/i;

export const readStatement = (sql: string): ReadStatement => {
  let first: string | undefined;
  let previous: Token | undefined;
  let beforePrevious: Token | undefined;
  let depth = 0;
  let format: string | undefined;
  let hasInsert = false;
  let isInsert = false;
  let end = sql.length;
  let settingsStart: number | undefined;
  for (const token of tokensOf(sql)) {
    if (end !== sql.length)
      throw new RefusedQuery(62, 'SYNTAX_ERROR', 'Multi-statements are not allowed: send one statement per request');
    const word = token.kind === 'name' ? token.text.toUpperCase() : '';
    if (first === undefined && token.text !== '(') {
      first = word;
      if (refusedStatements.has(first)) {
        throw new RefusedQuery(
          48,
          'NOT_IMPLEMENTED',
          `${first} is not available here: pass settings and the database with the request`,
        );
      }
    }
    if (token.kind === 'symbol') {
      if (token.text === '(') {
        if (previous && previous.kind.endsWith('name')) refuseReachingOut(previous);
        depth += 1;
      } else if (token.text === ')') depth -= 1;
      else if (token.text === ';') end = token.start;
    } else if (depth === 0) {
      const isValueOf = isInsert && format === undefined;
      if (word === 'INSERT' && (previous === undefined || first === 'WITH')) hasInsert = isInsert = true;
      else if (isValueOf && word === 'VALUES' && previous?.text.toUpperCase() !== 'INTO') {
        return {
          kind: 'insert-data',
          head: insertHead(sql, token.start, settingsStart),
          format: 'Values',
          dataStart: token.end,
        };
      } else if (isInsert && (word === 'SELECT' || word === 'WITH' || word === 'FROM')) {
        isInsert = false;
      } else if (isInsert && word === 'SETTINGS') settingsStart = token.start;
      else if (previous?.text.toUpperCase() === 'FORMAT' && previous.kind === 'name' && token.kind === 'name') {
        format = token.text;
        if (isInsert)
          return {
            kind: 'insert-data',
            head: insertHead(sql, previous.start, settingsStart),
            format,
            dataStart: token.end,
          };
      }
    }
    refuseFiles(word, previous, beforePrevious);
    beforePrevious = previous;
    previous = token;
  }
  if (first === undefined) throw new RefusedQuery(62, 'SYNTAX_ERROR', 'Empty query');
  const text = sql.slice(0, end);
  if (isInsert) throw new RefusedQuery(62, 'SYNTAX_ERROR', 'INSERT needs VALUES, FORMAT or SELECT');
  if (!hasInsert && (readers.has(first) || first === '')) {
    return { kind: 'read', sql: text, format, canStream: streamers.has(first) };
  }
  return { kind: 'other', sql: text, format };
};

// chdb wants the settings behind FROM INFILE '...', so they are moved there by whoever uses the head.
const insertHead = (sql: string, until: number, settingsStart: number | undefined): string =>
  settingsStart === undefined
    ? sql.slice(0, until)
    : `${sql.slice(0, settingsStart)}\u0000${sql.slice(settingsStart, until)}`;

/** The insert with its data in a file. */
export const insertFromFile = ({ head, format }: { head: string; format: string }, quotedPath: string): string => {
  const [target, settings = ''] = head.split('\u0000');
  return `${target} FROM INFILE ${quotedPath} COMPRESSION 'none' ${settings} FORMAT ${format}`;
};

const refuseReachingOut = (token: Token): void => {
  if (reachesOut.test(token.text)) {
    throw new RefusedQuery(
      497,
      'ACCESS_DENIED',
      `${token.text}() is refused: SQL may not reach files, programs or other hosts`,
    );
  }
};

const refuseFiles = (word: string, previous: Token | undefined, beforePrevious: Token | undefined): void => {
  const before = previous?.kind === 'name' ? previous.text.toUpperCase() : '';
  if ((word === 'OUTFILE' && before === 'INTO') || (word === 'INFILE' && before === 'FROM')) {
    throw new RefusedQuery(497, 'ACCESS_DENIED', `${before} ${word} is refused: SQL may not reach files`);
  }
  if (previous?.text === '=' && beforePrevious?.text.toUpperCase() === 'ENGINE' && reachesOut.test(word)) {
    throw new RefusedQuery(
      497,
      'ACCESS_DENIED',
      `The engine ${word} is refused: SQL may not reach files, programs or other hosts`,
    );
  }
};
