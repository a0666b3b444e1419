// What is in force on every thread, and the changes that it is made of. A change is handed to all threads; what the engine
// refuses of it is in the receipts. Urgent lanes go first: a revocation never waits for a revision to be compiled.
import type { Receipt } from '@sluice/contracts';
import { HeldChanges, isStored } from './held-changes.js';
import { refersTo } from './held-secrets.js';
import { HostHolders } from './host-holders.js';
import type { ReceivedEntry } from './received.js';
import type { ThreadChange } from './thread-message.js';
import type { Threads } from './threads.js';

export class InForce {
  #held = new HeldChanges();
  #hosts = new HostHolders();

  private constructor(private readonly threads: Threads) {}

  /** Nothing yet. Threads may still be starting: the first that they hear is where changes will write credentials. */
  static start(threads: Threads): InForce {
    const inForce = new InForce(threads);
    void threads.readFrom(inForce.#held.credentials);
    return inForce;
  }

  /** `HeldChanges.all`. */
  all(): Iterable<ReceivedEntry> {
    return this.#held.all();
  }

  /** Resolves when every thread has it, and nothing else. */
  async replace(held: HeldChanges): Promise<Receipt[]> {
    const changes: ThreadChange[] = [];
    const receipts: Receipt[] = [];
    this.#hosts = new HostHolders();
    for (const entry of held.values()) {
      if (entry.change.kind === 'secret') continue;
      const { change, receipt } = this.#hosts.translate(entry, held.secrets(entry.environmentId));
      if (receipt !== undefined) receipts.push(receipt);
      if (change !== undefined) changes.push(change);
      else this.#keepFormer(entry, held, changes);
    }
    await this.threads.replace(changes, held.credentials);
    this.#held = held;
    return receipts;
  }

  /** Resolves when every thread has them. */
  async apply(entries: readonly ReceivedEntry[]): Promise<Receipt[]> {
    for (const entry of entries) if (isStored(entry) && entry.change.state === 'revoked') this.#held.revoke(entry);
    return this.#applyInTurn(entries);
  }

  async #applyInTurn(entries: readonly ReceivedEntry[]): Promise<Receipt[]> {
    const goneAt = entries.findIndex(({ change }) => change.kind === 'environment' && change.document === null);
    if (goneAt === -1 || goneAt === entries.length - 1) return this.#applyTogether(entries);
    // What came after an environment had gone belongs to the one that came in its place.
    const before = await this.#applyTogether(entries.slice(0, goneAt + 1));
    return [...before, ...(await this.#applyInTurn(entries.slice(goneAt + 1)))];
  }

  async #applyTogether(entries: readonly ReceivedEntry[]): Promise<Receipt[]> {
    const receipts: Receipt[] = [];
    const stored = entries.filter(isStored);
    const isUrgent = (entry: ReceivedEntry): boolean =>
      entry.change.kind !== 'environment' && entry.change.kind !== 'secret' && !isStored(entry);
    const urgent = this.threads.apply(this.#translate(entries.filter(isUrgent), receipts));
    if (stored.length > 0) {
      // A key leads to its subscription: every thread knows it by the time the key is found.
      await urgent;
      await this.#takeCredentials(stored);
    }
    const secrets = this.threads.apply(this.#takeSecrets(entries, receipts));
    const revisions = this.threads.apply(
      this.#translate(
        entries.filter(({ change }) => change.kind === 'environment'),
        receipts,
      ),
    );
    await Promise.all([urgent, secrets, revisions]);
    return receipts;
  }

  #translate(entries: readonly ReceivedEntry[], receipts: Receipt[]): ThreadChange[] {
    return entries.flatMap((entry) => {
      const { change, receipt } = this.#hosts.translate(entry, this.#held.secrets(entry.environmentId));
      if (receipt !== undefined) receipts.push(receipt);
      if (change === undefined) return [];
      this.#held.apply(entry);
      return entry.change.kind === 'environment' ? [change, ...this.#translateFreed(receipts)] : [change];
    });
  }

  async #takeCredentials(stored: readonly ReceivedEntry[]): Promise<void> {
    const before = this.#held.credentials;
    for (const entry of stored) this.#held.apply(entry);
    if (this.#held.credentials !== before) await this.threads.readFrom(this.#held.credentials);
  }

  // What secrets stand for is compiled into the documents that refer to them: those are compiled again.
  #takeSecrets(entries: readonly ReceivedEntry[], receipts: Receipt[]): ThreadChange[] {
    const changed = new Map<string, Set<string>>();
    for (const entry of entries) {
      if (entry.change.kind !== 'secret') continue;
      this.#held.apply(entry);
      const names = changed.get(entry.environmentId) ?? new Set();
      changed.set(entry.environmentId, names.add(entry.change.name));
    }
    return [...changed].flatMap(([environmentId, names]) => {
      const live = this.#held.environment(environmentId);
      if (live?.change.kind !== 'environment' || !refersTo(live.change.document, names)) return [];
      const { change, receipt } = this.#hosts.translate(live, this.#held.secrets(environmentId));
      if (receipt !== undefined) receipts.push(receipt);
      return change ?? [];
    });
  }

  // Environments that were refused a host which another has let go of.
  #translateFreed(receipts: Receipt[]): ThreadChange[] {
    return this.#hosts.takeFreed().flatMap((environmentId) => {
      const entry = this.#held.environment(environmentId);
      if (entry === undefined) return [];
      const { change, receipt } = this.#hosts.translate(entry, this.#held.secrets(environmentId));
      if (receipt !== undefined) receipts.push(receipt);
      return change ?? [];
    });
  }

  // A refused revision leaves its environment with the one that it had.
  #keepFormer(refused: ReceivedEntry, held: HeldChanges, changes: ThreadChange[]): void {
    const former = this.#held.environment(refused.environmentId);
    const change =
      former === undefined ? undefined : this.#hosts.translate(former, held.secrets(former.environmentId)).change;
    if (former === undefined || change === undefined) return;
    held.apply(former);
    changes.push(change);
  }
}
