// Everything that a new gateway is told.
import type { Change, FeedLine } from '@sluice/contracts';
import { identityOf } from '../../dist/testing/gateway-identity.js';
import { fleetToken, type ControlPlane } from './control-plane.js';

export async function snapshotOf(plane: Pick<ControlPlane, 'url'>): Promise<FeedLine[]> {
  const abort = new AbortController();
  const res = await fetch(`${plane.url}/v1/fleet/feed`, {
    headers: { authorization: `Bearer ${await identityOf(plane.url, fleetToken, 'test')}` },
    signal: abort.signal,
  });
  const lines: FeedLine[] = [];
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of res.body ?? []) {
      const whole = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = whole.pop() ?? '';
      for (const text of whole) {
        const line = JSON.parse(text) as FeedLine;
        lines.push(line);
        // What happens meanwhile may follow at once.
        if (line.type === 'snapshot-end') return lines;
      }
    }
  } finally {
    abort.abort();
  }
  throw new Error(`the feed ended before its snapshot did, with ${rest}`);
}

export const changesOf = (lines: readonly FeedLine[]): Change[] =>
  lines.flatMap((line) => (line.type === 'entry' ? [line.entry.change] : []));
