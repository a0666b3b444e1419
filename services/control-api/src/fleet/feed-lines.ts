// What one gateway is told, line by line, for as long as it listens. It resumes where the gateway stopped when that is
// certain to be complete; otherwise it begins with a snapshot. Ends when `signal` aborts, when the gateway's identity has
// expired or was taken away, or when the history changes under it: the gateway then comes again, and gets a snapshot.
//
// A position alone does not say what was there: a database that lost its last commits (a fail-over to a replica that lagged,
// a crash with synchronous_commit off) gives their positions out again. So a position goes with the mark that its commit
// left, at each resumption and from entry to entry.
import type { FeedLine } from '@sluice/contracts';
import { feedChannel } from './append-to-feed.js';
import type { FeedHead, FeedReader } from './feed.reader.js';
import type { Wakeups } from './wakeups.js';

export interface Resumption {
  readonly historyId: string | undefined;
  /** The last position that the gateway has. */
  readonly after: number | undefined;
  /** The mark of that position. */
  readonly mark: string | undefined;
}

interface FeedLinesOptions {
  readonly reader: FeedReader;
  readonly wakeups: Wakeups;
  readonly fleetId: string;
  readonly resumption: Resumption;
  /** Asked with each ping. */
  readonly isAdmitted: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

const pingMs = 5_000;
/** How long a lost notification can delay an entry. */
const pollMs = 1_000;
/** Whoever is further behind is faster with a snapshot, which leaves out what was replaced meanwhile. */
const maxBehind = 10_000;

export async function* feedLines({
  reader,
  wakeups,
  fleetId,
  resumption,
  isAdmitted,
  signal,
}: FeedLinesOptions): AsyncGenerator<FeedLine> {
  const head = await reader.head(fleetId);
  let { historyId } = head;
  let position: number;
  let mark: string | undefined;
  if (canResume(head, resumption) && (await reader.hasGivenOut(fleetId, resumption.after, resumption.mark))) {
    yield { type: 'hello', historyId, fleetId, mode: 'entries', position: head.position };
    ({ after: position, mark } = resumption);
  } else {
    ({ historyId, position, mark } = yield* snapshotLines(reader, fleetId));
  }

  let pingAt = performance.now() + pingMs;
  const topic = `${feedChannel}:${fleetId}` as const;
  while (!signal.aborted) {
    const count = wakeups.count(topic);
    const entries = await reader.entriesAfter(fleetId, position);
    for (const entry of entries) {
      if (entry.previous !== mark) return;
      yield { type: 'entry', entry };
      ({ position, mark } = entry);
    }
    if (performance.now() >= pingAt) {
      if (!(await isAdmitted())) return;
      const now = await reader.head(fleetId);
      // Behind what was already sent, or beside it: this is not the database that it was.
      if (now.historyId !== historyId || now.position < position) return;
      if (now.position === position && now.mark !== mark) return;
      yield { type: 'ping', position: now.position };
      pingAt = performance.now() + pingMs;
    }
    if (entries.length === 0) {
      const pingInMs = Math.max(0, pingAt - performance.now());
      await wakeups.after(topic, count, Math.min(pollMs, pingInMs), signal);
    }
  }
}

function canResume(
  head: FeedHead,
  resumption: Resumption,
): resumption is { historyId: string; after: number; mark: string } {
  const { historyId, after, mark } = resumption;
  return (
    historyId === head.historyId &&
    after !== undefined &&
    mark !== undefined &&
    after <= head.position &&
    after >= head.compactedTo &&
    head.position - after <= maxBehind
  );
}

async function* snapshotLines(reader: FeedReader, fleetId: string): AsyncGenerator<FeedLine, FeedHead> {
  let head: FeedHead | undefined;
  for await (const part of reader.snapshot(fleetId)) {
    if ('head' in part) {
      ({ head } = part);
      yield {
        type: 'hello',
        historyId: head.historyId,
        fleetId,
        mode: 'snapshot',
        position: head.position,
        mark: head.mark,
      };
    } else {
      for (const entry of part.entries) yield { type: 'entry', entry };
    }
  }
  if (head === undefined) throw new Error('a snapshot came without its head');
  yield { type: 'snapshot-end', position: head.position };
  return head;
}
