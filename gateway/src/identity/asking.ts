// A thread's questions to the identity thread, until they are answered. A tenant may have only so many open: beyond that
// its requests are refused here, before they cost the identity thread anything.
import type { PasswordFact, TokenFact } from '@sluice/engine';
import type { FromIdentity, IdentityPort, ToIdentity } from './identity-messages.js';

type Fact = TokenFact | PasswordFact;

interface Question {
  readonly tenantId: string;
  readonly resolve: (fact: Fact | undefined) => void;
}

const mostOpen = 1000;

export class Asking {
  readonly #open = new Map<number, Question>();
  readonly #openOf = new Map<string, number>();
  #nextId = 1;
  #isClosed = false;

  constructor(
    private readonly port: IdentityPort,
    onKeysChanged: (tenantId: string, sourceKey: string) => void,
  ) {
    port.on('message', (received) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only our own thread holds the other end
      const message = received as FromIdentity;
      if (message.type === 'keys-changed') onKeysChanged(message.tenantId, message.sourceKey);
      else this.#answer(message.id, message.fact);
    });
    port.once('close', () => {
      this.#isClosed = true;
      for (const { resolve } of this.#open.values()) resolve(undefined);
      this.#open.clear();
    });
    // Listening alone keeps no thread alive; a question does, until it is answered.
    port.unref();
  }

  /** Undefined: the tenant has too many open, or nobody is there to answer. */
  async ask(tenantId: string, message: (id: number) => ToIdentity): Promise<Fact | undefined> {
    const openOf = this.#openOf.get(tenantId) ?? 0;
    if (this.#isClosed || openOf >= mostOpen) return undefined;
    this.#openOf.set(tenantId, openOf + 1);
    const id = this.#nextId++;
    if (this.#open.size === 0) this.port.ref();
    return new Promise((resolve) => {
      this.#open.set(id, { tenantId, resolve });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
      this.port.postMessage(message(id));
    });
  }

  #answer(id: number, fact: Fact): void {
    const question = this.#open.get(id);
    if (question === undefined) return;
    const { tenantId, resolve } = question;
    this.#open.delete(id);
    if (this.#open.size === 0) this.port.unref();
    const openOf = this.#openOf.get(tenantId) ?? 1;
    if (openOf === 1) this.#openOf.delete(tenantId);
    else this.#openOf.set(tenantId, openOf - 1);
    resolve(fact);
  }
}
