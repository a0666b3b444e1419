// What tests of the lease script speak as: one member of one partition, that keeps what it saw as a broker does.
import {
  askCall,
  joinCall,
  leaseReply,
  leaveCall,
  lookCall,
  type LeaseAsk,
  type LeaseCall,
  type LeaseReply,
  type LeaseResult,
  type Look,
} from './lease-wire.js';
import { Membership, type Former } from './membership.js';

export type Call = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

const farMs = 4_102_444_800_000;

export class TriedMember {
  readonly membership: Membership;
  #stamp = -1;
  #look = 0;

  constructor(
    name: string,
    readonly partition: number,
    readonly call: Call,
    former: Former = { state: 'none' },
  ) {
    this.membership = new Membership(name.split('.')[0] ?? name, partition, former);
  }

  get isAdmitted(): boolean {
    return this.membership.isAdmitted;
  }

  async join(looks: readonly Look[] = []): Promise<void> {
    const { membership } = this;
    const reply = await this.#send(
      joinCall(this.partition, membership.header(), membership.history(), looks.length > 0),
    );
    if (reply.state === 'rejoin') {
      membership.expelled();
      return this.join(looks);
    }
    membership.joined(reply);
    if (looks.length > 0) await this.#send(lookCall(this.partition, membership.header(), looks, true));
  }

  async leave(): Promise<void> {
    await this.#send(leaveCall(this.partition, this.membership.header()));
    this.membership.expelled();
  }

  async heartbeat(): Promise<LeaseReply> {
    const reply = await this.sendRaw(askCall(this.partition, this.membership.nextOperation(), []));
    if (reply.state === 'rejoin') this.membership.expelled();
    else this.membership.heard(reply);
    return reply;
  }

  /** The next operation, on a limit of 100 units a period that lasts from 1970 until 2100. */
  operation(changes: Partial<LeaseAsk>): LeaseCall {
    const ask: LeaseAsk = {
      key: 'sub_1/window:window',
      kind: 'period',
      units: 100,
      version: 1,
      want: 0,
      need: 0,
      returned: 0,
      charged: 0,
      stamp: this.#stamp,
      seen: this.#look,
      terms: [1_000_000, farMs, farMs, farMs + 1],
      ...changes,
    };
    return askCall(this.partition, this.membership.nextOperation(), [ask]);
  }

  async ask(changes: Partial<LeaseAsk>): Promise<LeaseResult> {
    return this.send(this.operation(changes));
  }

  async send(operation: LeaseCall): Promise<LeaseResult> {
    const reply = await this.sendRaw(operation);
    this.membership.heard(reply);
    const [result] = reply.results;
    if (result === undefined) throw new Error(`the script answered ${reply.state}`);
    if (result.state === 'done') {
      this.#stamp = result.stamp;
      this.#look = result.look;
    }
    return result;
  }

  sendRaw(operation: LeaseCall): Promise<LeaseReply> {
    return this.#send(operation);
  }

  async #send({ keys, args }: LeaseCall): Promise<LeaseReply> {
    return leaseReply(await this.call(keys, args));
  }
}
