// What a server answers to the handshake of a WebSocket (RFC 6455, section 4.2.2). Apart from how the gateway reads it: the
// two must not share a mistake.
import { createHash } from 'node:crypto';

/** @param key of the request. @param headers whole lines. */
export function upgradeAccepted(key: string, headers: readonly string[] = [], protocol = 'websocket'): string {
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    `Upgrade: ${protocol}`,
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
