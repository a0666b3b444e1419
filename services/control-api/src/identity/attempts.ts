// Counts what can be tried too often (passwords, codes, mails), in the database, so that every control-api counts together. One
// statement counts and tells: two attempts at once can never both be the last one allowed. A count is taken before the
// attempt and given back when it succeeds.
import { createHash } from 'node:crypto';
import type { Pool } from '@sluice/prisma';
import { Refusal } from '../http/refusal.js';

export interface Rule {
  readonly kind: string;
  readonly most: number;
  readonly windowMs: number;
}

/** `isFirst`: no attempt was refused before it, since the count began. */
export class TooManyAttempts extends Refusal {
  constructor(
    waitS: number,
    readonly isFirst: boolean,
  ) {
    super('too_many_attempts', `That was tried too often. Wait ${inWords(waitS)}, then try again.`, undefined, {
      'retry-after': String(waitS),
    });
  }
}

export class Attempts {
  constructor(private readonly pool: Pool) {}

  /** Counts one attempt, or refuses with the time to wait. What is over for a day is cleared away, a few at a time. */
  async take(rule: Rule, subject: string): Promise<void> {
    const { rows } = await this.pool.query<{ count: number; wait_s: number }>(
      `WITH over AS (
         DELETE FROM auth.attempt WHERE key <> $1 AND key IN (
           SELECT key FROM auth.attempt WHERE resets_at < now() - interval '1 day' ORDER BY resets_at LIMIT 100 FOR UPDATE SKIP LOCKED
         )
       )
       INSERT INTO auth.attempt AS a (key, count, resets_at) VALUES ($1, 1, now() + $2 * interval '1 millisecond')
       ON CONFLICT (key) DO UPDATE SET
         count = CASE WHEN a.resets_at <= now() THEN 1 ELSE a.count + 1 END,
         resets_at = CASE WHEN a.resets_at <= now() THEN excluded.resets_at ELSE a.resets_at END
       RETURNING count, ceil(extract(epoch FROM resets_at - now()))::int AS wait_s`,
      [keyOf(rule, subject), rule.windowMs],
    );
    const taken = rows[0];
    if (taken === undefined || taken.count <= rule.most) return;
    throw new TooManyAttempts(Math.max(1, taken.wait_s), taken.count === rule.most + 1);
  }

  async clear(rule: Rule, subject: string): Promise<void> {
    await this.pool.query('DELETE FROM auth.attempt WHERE key = $1', [keyOf(rule, subject)]);
  }

  async giveBack(rule: Rule, subject: string): Promise<void> {
    await this.pool.query('UPDATE auth.attempt SET count = greatest(count - 1, 0) WHERE key = $1', [
      keyOf(rule, subject),
    ]);
  }
}

// Hashed: the table need not hold the addresses of people who have no account.
function keyOf({ kind }: Rule, subject: string): string {
  return createHash('sha256').update(`${kind}:${subject}`).digest('hex');
}

function inWords(seconds: number): string {
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
