// A WebSocket through the gateway (RFC 6455): nobody reads its frames here; bytes go both ways as fast as they are taken.
import { createHash } from 'node:crypto';
import type { Body } from '../http1/body.js';
import { fieldOf } from '../http1/fields.js';
import type { UpstreamCall, UpstreamTunnel } from '../upstream/upstream.js';
import type { Exchange } from '../wire/exchange.js';

// RFC 6455, section 1.3.
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * Whether the upstream has read the client's key and says so (section 4.1). Without that its 101 may be anybody's echo, and
 * a client could send requests through the tunnel that no gateway has decided on.
 */
export function isGranted(exchange: Exchange, answered: readonly string[]): boolean {
  const key = exchange.header('sec-websocket-key');
  if (key === undefined || fieldOf(answered, 'upgrade')?.toLowerCase() !== 'websocket') return false;
  const accept = createHash('sha1')
    .update(key + guid)
    .digest('base64');
  return fieldOf(answered, 'sec-websocket-accept') === accept;
}

/** What the client says goes to the upstream; the way back is that of any answer. */
export function relay(said: Body, tunnel: UpstreamTunnel, call: UpstreamCall, count: { receivedBytes: number }): void {
  tunnel.onDrain = () => said.resume();
  said.read({
    onData: (chunk) => {
      count.receivedBytes += chunk.length;
      return tunnel.write(chunk);
    },
    onEnd: () => tunnel.end(),
    onError: () => call.abort(),
  });
}
