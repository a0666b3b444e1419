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
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of res.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('"snapshot-end"')) break;
  }
  abort.abort();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FeedLine);
}

export const changesOf = (lines: readonly FeedLine[]): Change[] =>
  lines.flatMap((line) => (line.type === 'entry' ? [line.entry.change] : []));
