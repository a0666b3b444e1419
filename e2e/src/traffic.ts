// Requests through the gateways, and what a client saw of each: whole answers only count once the last byte is in.
import { request, Agent } from 'node:http';

export interface Answer {
  /** The gateway's own id of the request, `req_...`; empty when no whole answer came. */
  readonly id: string;
  /** 0: the connection broke before the whole answer was in. */
  readonly status: number;
  readonly arm: string;
  /** What the upstream says that it is. */
  readonly version: string;
  readonly gateway: number;
  /** On the clock of `performance.now()`. */
  readonly doneAtMs: number;
}

export interface Traffic {
  /** Ports of the gateways, taken in turn. */
  readonly ports: readonly number[];
  readonly host: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly count: number;
  readonly concurrency: number;
  readonly onAnswer?: (answer: Answer, done: number) => void;
}

/** Sends `count` requests, `concurrency` at a time, over kept connections. Broken connections are answers of status 0, never retried. */
export async function sendTraffic(traffic: Traffic): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: traffic.concurrency });
  const answers: Answer[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < traffic.count) {
      const gateway = next % traffic.ports.length;
      next += 1;
      const answer = await sendOne(traffic, agent, gateway);
      answers.push(answer);
      traffic.onAnswer?.(answer, answers.length);
    }
  };
  await Promise.all(Array.from({ length: traffic.concurrency }, lane));
  agent.destroy();
  return answers;
}

async function sendOne(traffic: Traffic, agent: Agent, gateway: number): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const broken = (): void => resolve({ id: '', status: 0, arm: '', version: '', gateway, doneAtMs: performance.now() });
  const req = request(
    {
      agent,
      host: '127.0.0.1',
      port: traffic.ports[gateway],
      path: traffic.path,
      headers: { host: traffic.host, ...traffic.headers },
      timeout: 30_000,
    },
    (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', broken);
      res.on('close', broken);
      res.on('end', () => {
        const header = (name: string): string => String(res.headers[name] ?? '');
        resolve({
          id: header('x-sluice-request-id'),
          status: res.statusCode ?? 0,
          arm: header('x-sluice-arm'),
          version: versionIn(Buffer.concat(chunks).toString()),
          gateway,
          doneAtMs: performance.now(),
        });
      });
    },
  );
  req.on('error', broken);
  req.on('timeout', () => req.destroy());
  req.end();
  return promise;
}

function versionIn(body: string): string {
  return /"version"\s*:\s*"(v\d+)"/.exec(body)?.[1] ?? '';
}
