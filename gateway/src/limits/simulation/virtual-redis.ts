// A Redis on the simulation's time: the real server runs the real script, which is told another TIME, another run id and
// other expiries. What can happen to a Redis happens here at once: emptied, restarted with or without its data, replaced
// by a replica that lags, its clock set back.
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Scheduler } from './scheduler.js';

export interface Evaluation {
  readonly redisMs: number;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
  readonly reply: unknown;
}

export interface VirtualRedisOptions {
  readonly client: Redis;
  /** Worlds on one server do not see each other. */
  readonly namespace: string;
  readonly script: string;
  readonly scheduler: Scheduler;
  /** True time at the scheduler's 0. */
  readonly epochMs: number;
  /** As many of the last calls as a replica may lack. */
  readonly longestLag: number;
}

/**
 * Stands before the script and takes the last arguments away from it: the time, the run, and where to keep what a lagging
 * replica would still have. Expiries are kept in the last key, since those of the server go by its own time.
 */
const underVirtualTime = `
local real, expiries = redis, table.remove(KEYS)
local kept, run, micros, seconds = table.remove(ARGV), table.remove(ARGV), table.remove(ARGV), table.remove(ARGV)
do
  local nowMs = seconds * 1000 + math.floor(micros / 1000)
  for _, key in ipairs(KEYS) do
    local at = real.call('HGET', expiries, key)
    if at and tonumber(at) <= nowMs then
      real.call('DEL', key)
      real.call('HDEL', expiries, key)
    end
    if kept ~= '' and real.call('COPY', key, key .. kept, 'REPLACE') == 0 then real.call('DEL', key .. kept) end
  end
end
local redis = {
  error_reply = real.error_reply, status_reply = real.status_reply,
  call = function(name, key, ...)
    if name == 'TIME' then return { seconds, micros } end
    if name == 'INFO' then return '# Server\\r\\nredis_version:7.0.15\\r\\nrun_id:' .. run .. '\\r\\n' end
    if name == 'PEXPIREAT' then return real.call('HSET', expiries, key, ...) end
    if name == 'SET' then
      local value, option, ttl = ...
      if option then real.call('HSET', expiries, key, string.format('%.0f', seconds * 1000 + ttl)) end
      return real.call('SET', key, value)
    end
    if string.find(name, 'EXPIRE') or string.find(name, 'PERSIST') then error('the simulation does not know ' .. name) end
    return real.call(name, key, ...)
  end,
}
`;

export class VirtualRedis {
  /** Its wall clock, against true time. */
  offsetMs = 0;
  isUp = true;
  onEvaluated: ((evaluation: Evaluation) => void) | undefined;
  /** What the script, or the server, objected to: a run is worth nothing with any of it. */
  readonly errors: string[] = [];
  readonly #options: VirtualRedisOptions;
  readonly #source: string;
  readonly #sha: string;
  readonly #keys = new Set<string>();
  /** The keys of the last calls, oldest first. */
  #calls: { readonly keys: readonly string[]; readonly kept: string }[] = [];
  #count = 0;
  #runs = 0;

  constructor(options: VirtualRedisOptions) {
    this.#options = options;
    this.#source = underVirtualTime + options.script;
    this.#sha = createHash('sha1').update(this.#source).digest('hex');
  }

  get redisMs(): number {
    return this.#options.epochMs + this.#options.scheduler.nowMs + this.offsetMs;
  }

  async evaluate(keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    const { longestLag } = this.#options;
    const redisMs = this.redisMs;
    const micros = Math.floor(redisMs * 1000);
    const own = keys.map((key) => this.#own(key));
    const kept = longestLag > 0 ? `~${this.#count % longestLag}` : '';
    this.#count += 1;
    const given = [
      own.length + 1,
      ...own,
      this.#own('expiries'),
      ...args,
      Math.floor(micros / 1_000_000),
      micros % 1_000_000,
      `run${this.#runs}`,
      kept,
    ];
    for (const key of own) this.#keys.add(key);
    try {
      const reply: unknown = await this.#held(this.#call(given));
      if (kept !== '') this.#calls = [...this.#calls, { keys: own, kept }].slice(-longestLag);
      this.onEvaluated?.({ redisMs, keys, args, reply });
      return reply;
    } catch (error) {
      this.errors.push(String(error));
      return undefined;
    }
  }

  async flushAll(): Promise<void> {
    this.#calls = [];
    await this.#held(this.#options.client.del(this.#own('expiries'), ...this.#keys));
  }

  /** The same data, or none, and another run. */
  async restart(isKept: boolean): Promise<void> {
    if (!isKept) await this.flushAll();
    this.#calls = [];
    this.#runs += 1;
  }

  /** A replica takes over that has not seen the last `lag` calls, or fewer when there were fewer. */
  async failOver(lag: number): Promise<void> {
    const { client } = this.#options;
    for (const { keys, kept } of lag > 0 ? this.#calls.slice(-lag).toReversed() : []) {
      for (const key of keys) {
        const isThere = await this.#held(client.copy(`${key}${kept}`, key, 'REPLACE'));
        if (isThere === 0) await this.#held(client.del(key));
      }
    }
    this.#calls = [];
    this.#runs += 1;
  }

  /** Leaves nothing behind on the server. */
  async remove(): Promise<void> {
    const copies = Array.from({ length: this.#options.longestLag }, (_, index) =>
      [...this.#keys].map((key) => `${key}~${index}`),
    );
    await this.#options.client.unlink(this.#own('expiries'), ...this.#keys, ...copies.flat());
  }

  #held<T>(work: Promise<T>): Promise<T> {
    return this.#options.scheduler.hold(work);
  }

  async #call(given: (string | number)[]): Promise<unknown> {
    const { client } = this.#options;
    try {
      return await client.call('EVALSHA', this.#sha, ...given);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.call('EVAL', this.#source, ...given);
    }
  }

  #own(key: string): string {
    return `${this.#options.namespace}:${key}`;
  }
}
