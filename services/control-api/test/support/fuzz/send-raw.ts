// A request as it is written, unmended by fetch: paths, queries and heads that no browser would send.
import { Agent, request } from 'node:http';

export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface RawAnswer {
  readonly status: number;
  readonly type: string | undefined;
  /** Empty for a stream, which is left at its head. */
  readonly text: string;
}

export const keptConnections = (): Agent => new Agent({ keepAlive: true, maxSockets: 4 });

export async function sendRaw(
  url: string,
  agent: Agent,
  { method, target, headers, body }: RawRequest,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const length = bytes === undefined ? {} : { 'content-length': String(bytes.byteLength) };
  return new Promise((resolve, reject) => {
    const req = request({ hostname, port, method, path: target, agent, headers: { ...headers, ...length } }, (res) => {
      const type = res.headers['content-type'];
      const head = { status: res.statusCode ?? 0, type };
      if (type?.includes('ndjson') === true) {
        resolve({ ...head, text: '' });
        res.on('error', () => undefined).destroy();
        return;
      }
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      res.on('end', () => resolve({ ...head, text })).on('error', reject);
    });
    req.on('error', reject).end(bytes);
  });
}
