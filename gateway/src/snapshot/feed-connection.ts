// One connection to the change feed: an answer that goes on for as long as both live, one line of JSON after another.
import { errors, request } from 'undici';
import type { Agent } from 'undici';
import type { FeedEnd } from './feed-end.js';
import type { ReceivedLine } from './received.js';
import { readLine } from './received.js';

export interface FeedConnectionOptions {
  readonly agent: Agent;
  readonly controlUrl: string;
  /** This gateway's identity. */
  readonly token: string;
  readonly historyId: string | undefined;
  readonly after: number;
  readonly mark: string | undefined;
  /** Without a byte for so long it is dead. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
  /** All lines that arrived together. The next are read when it resolves. */
  readonly onLines: (lines: readonly ReceivedLine[]) => Promise<void>;
}

// A document may have 2,000 routes; a line beyond this is no feed.
const longestLine = 256 * 1024 * 1024;

/** Follows the feed until it ends, and tells why. Never throws for what the network or the other side does. */
export async function followFeed(options: FeedConnectionOptions): Promise<FeedEnd> {
  const url = new URL('/v1/fleet/feed', options.controlUrl);
  if (options.historyId !== undefined) url.searchParams.set('historyId', options.historyId);
  url.searchParams.set('after', String(options.after));
  if (options.mark !== undefined) url.searchParams.set('mark', options.mark);
  try {
    const answer = await request(url, {
      dispatcher: options.agent,
      headers: { authorization: `Bearer ${options.token}`, accept: 'application/x-ndjson' },
      headersTimeout: options.silenceMs,
      bodyTimeout: options.silenceMs,
      signal: options.signal,
    });
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      if (answer.statusCode === 401 || answer.statusCode === 403) return { reason: 'identity_refused' };
      return { reason: 'refused', status: answer.statusCode };
    }
    return await readLines(answer.body, options);
  } catch (error) {
    if (error instanceof errors.BodyTimeoutError || error instanceof errors.HeadersTimeoutError)
      return { reason: 'silent' };
    if (error instanceof BadLineError) return { reason: 'not_understood', detail: error.message };
    return {
      reason: 'unreachable',
      detail: error instanceof Error && 'code' in error ? String(error.code) : String(error),
    };
  }
}

class BadLineError extends Error {}

async function readLines(body: AsyncIterable<Uint8Array>, options: FeedConnectionOptions): Promise<FeedEnd> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let pending = '';
  for await (const chunk of body) {
    pending += decoder.decode(chunk, { stream: true });
    if (pending.length > longestLine) throw new BadLineError('a line is too long');
    const end = pending.lastIndexOf('\n');
    if (end === -1) continue;
    const text = pending.slice(0, end);
    pending = pending.slice(end + 1);
    const lines = text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => readLine(parseJson(line)));
    if (lines.length > 0) await options.onLines(lines);
  }
  return { reason: 'closed' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadLineError('a line is not JSON');
  }
}
