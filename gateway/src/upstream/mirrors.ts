// Copies of requests on their way to other upstreams. Few at once, and none for long: whatever an upstream does with its
// copies, the requests themselves notice nothing.
import type { UpstreamCall, UpstreamRequest } from './upstream.js';
import type { UpstreamReceiver } from './upstream.js';

const mostUnderWay = 64;
const longestMs = 30_000;
const mostAnswerBytes = 1024 ** 2;

type Send = (request: UpstreamRequest, receiver: UpstreamReceiver) => UpstreamCall;

export class Mirrors {
  readonly #underWay = new Map<string, number>();

  constructor(private readonly send: Send) {}

  mirror(request: UpstreamRequest): void {
    const key = `${request.tenantId} ${request.name}`;
    const count = this.#underWay.get(key) ?? 0;
    if (count >= mostUnderWay) {
      request.body?.drop();
      return;
    }
    this.#underWay.set(key, count + 1);
    const end = (): void => this.#end(key);
    let answerBytes = 0;
    const call = this.send(
      {
        ...request,
        transport: { timeoutMs: undefined, perTryTimeoutMs: undefined, totalTimeoutMs: longestMs, retries: undefined },
      },
      {
        onHead: () => undefined,
        onData: (chunk) => {
          answerBytes += chunk.length;
          if (answerBytes <= mostAnswerBytes) return true;
          call.abort();
          end();
          return false;
        },
        onEnd: end,
        onFailure: end,
      },
    );
  }

  #end(key: string): void {
    const count = (this.#underWay.get(key) ?? 1) - 1;
    if (count === 0) this.#underWay.delete(key);
    else this.#underWay.set(key, count);
  }
}
