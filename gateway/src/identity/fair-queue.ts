// Dear work waits here, in a line for each tenant. Turns go round by cost, not by count (deficit round robin: Shreedhar
// and Varghese, 1995): a tenant with a thousand jobs in its line, or with expensive ones, delays another's first job by
// one turn. A line is bounded by what its jobs cost together; what finds it full, or has waited too long, is refused.
import type { Clock } from '../limits/clock.js';

export interface FairQueueOptions {
  /** Jobs under way at once. */
  readonly atOnce: number;
  /** Of them, one tenant's. Without it: all. */
  readonly atOnceOfOne?: number;
  /** What a tenant may spend in one turn. */
  readonly turnMs: number;
  /** The most that one tenant's line may cost. A single job is always taken. */
  readonly mostWaitingMs: number;
  readonly longestWaitMs: number;
  readonly clock: Pick<Clock, 'nowMs'>;
}

interface Job {
  readonly tenantId: string;
  readonly costMs: number;
  readonly queuedAtMs: number;
  readonly start: () => Promise<void>;
  readonly refuse: () => void;
}

interface Line {
  readonly jobs: Job[];
  waitingMs: number;
  creditMs: number;
}

export class FairQueue {
  /** In the order of their turns. */
  readonly #lines = new Map<string, Line>();
  #running = 0;
  readonly #runningOf = new Map<string, number>();
  #waiting = 0;

  constructor(private readonly options: FairQueueOptions) {}

  get length(): number {
    return this.#waiting;
  }

  /** Does the job in its turn; resolves with `refused` where there is no room or no time for it. Rejects as the job does. */
  async run<Result>(tenantId: string, costMs: number, job: () => Promise<Result>, refused: Result): Promise<Result> {
    const line = this.#lines.get(tenantId) ?? { jobs: [], waitingMs: 0, creditMs: 0 };
    if (line.jobs.length > 0 && line.waitingMs + costMs > this.options.mostWaitingMs) return refused;
    return new Promise((resolve, reject) => {
      line.jobs.push({
        tenantId,
        costMs,
        queuedAtMs: this.options.clock.nowMs(),
        start: async () => job().then(resolve, reject),
        refuse: () => resolve(refused),
      });
      line.waitingMs += costMs;
      this.#waiting += 1;
      this.#lines.set(tenantId, line);
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#running < this.options.atOnce) {
      const job = this.#next();
      if (job === undefined) return;
      if (this.options.clock.nowMs() - job.queuedAtMs > this.options.longestWaitMs) {
        job.refuse();
        continue;
      }
      this.#count(job.tenantId, 1);
      void job.start().finally(() => {
        this.#count(job.tenantId, -1);
        this.#pump();
      });
    }
  }

  #count(tenantId: string, by: 1 | -1): void {
    this.#running += by;
    const running = (this.#runningOf.get(tenantId) ?? 0) + by;
    if (running === 0) this.#runningOf.delete(tenantId);
    else this.#runningOf.set(tenantId, running);
  }

  #next(): Job | undefined {
    const { turnMs, atOnce, atOnceOfOne = atOnce } = this.options;
    // In a row, since they have as many under way as they may. Their turns are not saved up.
    let passedOver = 0;
    for (;;) {
      const [first] = this.#lines;
      if (first === undefined || passedOver === this.#lines.size) return undefined;
      const [tenantId, line] = first;
      if ((this.#runningOf.get(tenantId) ?? 0) >= atOnceOfOne) {
        passedOver += 1;
        this.#toTheEnd(tenantId, line);
        continue;
      }
      passedOver = 0;
      const [job] = line.jobs;
      if (job !== undefined && line.creditMs >= job.costMs) {
        line.jobs.shift();
        line.creditMs -= job.costMs;
        line.waitingMs -= job.costMs;
        this.#waiting -= 1;
        // Who has nothing waiting saves nothing up.
        if (line.jobs.length === 0) this.#lines.delete(tenantId);
        return job;
      }
      line.creditMs += turnMs;
      this.#toTheEnd(tenantId, line);
    }
  }

  #toTheEnd(tenantId: string, line: Line): void {
    this.#lines.delete(tenantId);
    this.#lines.set(tenantId, line);
  }
}
