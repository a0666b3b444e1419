// The program that now lies on the disk takes the port over, and this process drains and ends. A second take-over while one is
// under way is ignored, but not what was to be done if it failed. docs/operations/processes.md says it for who runs a gateway.
import type { Logger } from '@sluice/runtime';
import type { Gateway } from '../gateway.js';
import { raiseSuccessor } from './raise-successor.js';

// A snapshot of a thousand tenants, fetched anew, takes seconds; waiting costs nothing, because this one serves meanwhile.
const servesWithinMs = 120_000;

export class TakeOver {
  readonly #gateway: Gateway;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  #isUnderWay = false;
  #onFailed: (() => void)[] = [];

  constructor(gateway: Gateway, logger: Logger) {
    this.#gateway = gateway;
    this.#logger = logger;
  }

  /** @param cause for the log. @param onFailed this process goes on; what else is to be done about the cause. */
  begin(cause: string, onFailed: () => void = () => undefined): void {
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      this.#logger.error({ cause }, `no new version is started: ${refusal}`);
      if (this.#isUnderWay) this.#onFailed.push(onFailed);
      else if (!this.#gateway.isDraining) onFailed();
      return;
    }
    this.#isUnderWay = true;
    this.#onFailed = [onFailed];
    this.#run(cause).then(
      (exitCode) => {
        if (exitCode !== undefined) process.exit(exitCode);
        else this.#fail();
        return undefined;
      },
      (error: unknown) => {
        this.#logger.error({ err: error }, 'the take-over failed');
        this.#fail();
      },
    );
  }

  /** This process is to end: a successor that does not serve yet ends too. */
  abort(): void {
    this.#stopping.abort();
  }

  #fail(): void {
    this.#isUnderWay = false;
    for (const onFailed of this.#onFailed.splice(0)) onFailed();
  }

  #refusal(): string | undefined {
    if (this.#isUnderWay || this.#gateway.isDraining) return 'a take-over or a drain is under way';
    // The end of a container's first process is the end of the container, and of the new version in it.
    return process.pid === 1 ? 'this is the first process of its container; start a new container instead' : undefined;
  }

  /** What this process ends with; undefined: it goes on. */
  async #run(cause: string): Promise<0 | 1 | undefined> {
    this.#logger.info({ cause }, 'starting the program anew, to take the port over');
    const successor = await raiseSuccessor(this.#gateway.estate, this.#logger, servesWithinMs, this.#stopping.signal);
    if (successor === undefined) {
      this.#gateway.keep();
      return undefined;
    }
    this.#logger.info({ successor: successor.pid }, 'the new version serves; draining');
    // From here on there is no way back: two would hold leases, and write files, for one gateway.
    try {
      await this.#gateway.drainAfterTakeOver();
    } catch (error) {
      this.#logger.error({ err: error }, 'the drain failed');
      return 1;
    }
    this.#logger.info('drained');
    return 0;
  }
}
