// Turns at what only one may have at a time, fairly between those who wait for it: each owner in rotation, so that whoever
// sends much waits for what it sent itself, and keeps nobody else for longer than one turn.
import { Refusal } from '../http/refusal.js';

export class Turns {
  private isTaken = false;
  /** In the order of their turns. */
  private readonly waiting = new Map<string, (() => void)[]>();

  /** @param mostWaiting of one owner; more are refused, because what they wait with takes memory. */
  constructor(private readonly mostWaiting: number) {}

  async take<T>(owner: string, use: () => Promise<T>): Promise<T> {
    await this.turn(owner);
    try {
      return await use();
    } finally {
      this.passOn();
    }
  }

  private async turn(owner: string): Promise<void> {
    if (!this.isTaken) {
      this.isTaken = true;
      return;
    }
    const own = this.waiting.get(owner) ?? [];
    if (own.length >= this.mostWaiting) throw tooMany();
    await new Promise<void>((resolve) => {
      own.push(resolve);
      this.waiting.set(owner, own);
    });
  }

  private passOn(): void {
    const [first] = this.waiting;
    if (first === undefined) {
      this.isTaken = false;
      return;
    }
    const [owner, own] = first;
    this.waiting.delete(owner);
    const next = own.shift();
    if (own.length > 0) this.waiting.set(owner, own);
    next?.();
  }
}

function tooMany(): Refusal {
  return new Refusal(
    'too_many_attempts',
    'Long documents of this tenant are being read already, and others wait. Send this one again when they are answered.',
    undefined,
    { 'retry-after': '15' },
  );
}
