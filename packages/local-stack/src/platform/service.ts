// One supervised part: started, stopped, killed and started again by name. One that ends on its own is reported with its
// last lines and started again, after half a second, then after twice as long each time, up to half a minute.
import type { ProcessExit, RunningProcess } from '../processes/start-process.js';

export interface ServiceOptions {
  readonly name: string;
  readonly launch: (onExit: (exit: ProcessExit) => void, signal?: AbortSignal) => Promise<RunningProcess>;
  readonly logFile: string;
  readonly onProgress: (line: string) => void;
}

/** sysexits.h's EX_CONFIG: another start with the same environment would end the same way. */
const badConfiguration = 78;
const firstDelayMs = 500;
const longestDelayMs = 30_000;
/** Having run this long, a crash counts as the first one. */
const steadyMs = 30_000;

export class Service {
  readonly name: string;
  readonly #options: ServiceOptions;
  #process: RunningProcess | undefined;
  #isWanted = false;
  #crashes = 0;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ServiceOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.isRunning ? this.#process?.pid : undefined;
  }

  get isRunning(): boolean {
    return this.#process?.isRunning() ?? false;
  }

  lastLines(): string {
    return this.#process?.lastLines() ?? '';
  }

  /** Resolves when it is ready; rejects with its last lines when it ends before. */
  async start(signal?: AbortSignal): Promise<void> {
    this.#isWanted = true;
    // Launching tells by rejection what happens before it is ready, and by onExit what happens after.
    let isReady = false;
    const launched = await this.#options.launch((exit) => {
      if (isReady) this.#onExit(exit);
    }, signal);
    this.#process = launched;
    this.#startedAt = performance.now();
    // One of the two tells its end, never both: two restarts would be two processes.
    isReady = launched.isRunning();
    if (!isReady) this.#onExit(await launched.exited);
    // It was stopped while it started.
    if (!this.#isWanted) await launched.stop();
  }

  /** Ends it the polite way; it stays down until `restart()`. */
  async stop(): Promise<void> {
    this.#forget();
    await this.#process?.stop();
  }

  /** SIGKILL; it stays down until `restart()`. */
  async kill(): Promise<void> {
    this.#forget();
    await this.#process?.kill();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  #forget(): void {
    this.#isWanted = false;
    clearTimeout(this.#timer);
  }

  #onExit(exit: ProcessExit): void {
    if (!this.#isWanted) return;
    const { onProgress, logFile } = this.#options;
    const how = exit.code === null ? `was ended by ${exit.signal ?? 'a signal'}` : `ended with code ${exit.code}`;
    const lines = this.lastLines()
      .split('\n')
      .slice(-8)
      .map((line) => `    ${line}`);
    onProgress(`${this.name} ${how}. Its last lines (all of them: ${logFile}):\n${lines.join('\n')}`);
    if (exit.code === badConfiguration) {
      onProgress(`${this.name} stays down: its configuration is wrong, and would be at the next start too.`);
      return;
    }
    if (performance.now() - this.#startedAt > steadyMs) this.#crashes = 0;
    this.#again();
  }

  #again(): void {
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** this.#crashes);
    this.#crashes += 1;
    this.#options.onProgress(`${this.name} is started again in ${delayMs / 1000} s`);
    this.#timer = setTimeout(() => {
      this.start().then(
        () => this.#options.onProgress(`${this.name} is back`),
        (error: unknown) => {
          if (!this.#isWanted) return;
          this.#options.onProgress(error instanceof Error ? error.message : String(error));
          this.#again();
        },
      );
    }, delayMs);
  }
}
