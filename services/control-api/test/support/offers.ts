// Two tenants, acme and other, with the plans free and gold on offer; what is taken of them, and what gateways are told of that.
import { createHash } from 'node:crypto';
import type { Credential, CredentialChange, CredentialWithKey, Page, Subscription } from '@sluice/contracts';
import type { ControlPlane } from './control-plane.js';
import { changesOf, snapshotOf } from './feed-snapshot.js';
import { Person } from './person.js';

export const base = '/v1/tenants/acme/environments/production';
export const foreign = '/v1/tenants/other/environments/production';

export const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');
export const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

export class Offers {
  /** Every key that was shown: none may stand anywhere else. */
  readonly shown: string[] = [];
  /** What was read of keys afterwards. */
  readonly read: string[] = [];

  private constructor(
    private readonly plane: ControlPlane,
    readonly owner: Person,
    readonly stranger: Person,
  ) {}

  static async make(plane: ControlPlane): Promise<Offers> {
    const owner = await new Person(plane, 'owner@acme.test').signUp();
    const stranger = await new Person(plane, 'owner@other.test').signUp();
    for (const [person, slug, at] of [
      [owner, 'acme', base],
      [stranger, 'other', foreign],
    ] as const) {
      await person.ask('POST', '/v1/tenants', { slug, title: slug });
      const first = { name: 'orders', title: 'Orders', upstreamUrl: 'https://one.test' };
      await person.ask('POST', `${at}/first-run`, first);
      const gold = { name: 'gold', title: 'Gold', apis: ['orders'], limits: [{ quota: '100/month' }] };
      await person.ask('POST', `${at}/plans`, gold);
    }
    return new Offers(plane, owner, stranger);
  }

  /** A new application's. */
  async subscribe({
    person = this.owner,
    at = base,
    ...more
  }: { person?: Person; at?: string; state?: string } = {}): Promise<Subscription> {
    const { id } = await person.ask<{ id: string }>('POST', `${at}/applications`, { title: 'Application' });
    return person.ask('POST', `${at}/applications/${id}/subscriptions`, { plan: 'free', ...more });
  }

  async newKey(subscription: string, more: object = {}): Promise<CredentialWithKey> {
    const path = `${base}/subscriptions/${subscription}/credentials`;
    const made = await this.owner.ask<CredentialWithKey>('POST', path, { name: 'Key', ...more });
    this.shown.push(made.key);
    return made;
  }

  async list(subscription: string): Promise<Credential[]> {
    const path = `${base}/subscriptions/${subscription}/credentials?limit=200`;
    const page = await this.owner.ask<Page<Credential>>('GET', path);
    this.read.push(JSON.stringify(page));
    return page.items;
  }

  /** What gateways are told of the key of this hash. */
  async told(hash: string): Promise<CredentialChange | undefined> {
    const changes = changesOf(await snapshotOf(this.plane)).filter((change) => change.kind === 'credential');
    return changes.find((change) => change.hash === hash);
  }

  /** Which of the keys stand in the log, or in what was read later. */
  shownElsewhere(): string[] {
    const elsewhere = [...this.plane.lines, ...this.read].join('\n');
    return this.shown.filter((key) => elsewhere.includes(key));
  }
}
