// The documents of the tenant acme, as its owner sends and reads them.
import type { Document, Revision } from '@sluice/contracts';
import type { ControlPlane } from './control-plane.js';
import type { FurnishedTenant } from './furnished-tenant.js';
import type { Answer, Person } from './person.js';

const url = (environment: string): string => `/v1/tenants/acme/environments/${environment}`;
export const production = url('production');

export class Documents {
  readonly #plane: ControlPlane;
  readonly #owner: Person;
  #environments = 0;

  /** @param acme with an API of two arms */
  constructor(plane: ControlPlane, acme: FurnishedTenant) {
    this.#plane = plane;
    this.#owner = acme.owner;
  }

  async newEnvironment(): Promise<string> {
    this.#environments += 1;
    const name = `env-${this.#environments}`;
    await this.#owner.ask('POST', '/v1/tenants/acme/environments', { name });
    return url(name);
  }

  /** An environment with what production has, published. */
  async withCanary(): Promise<{ base: string; document: Document }> {
    const base = await this.newEnvironment();
    const document = await this.draftOf(production);
    await this.#owner.ask('POST', `${base}/document/sync`, document);
    await this.publish(base);
    return { base, document };
  }

  async send<T>(
    base: string,
    what: string,
    document: string | object,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const type = typeof document === 'string' ? 'application/yaml' : 'application/json';
    return this.#owner.send<T>('POST', `${base}/document/${what}`, document, { 'content-type': type, ...headers });
  }

  async exported(
    base: string,
    query = '',
    person = this.#owner,
  ): Promise<{ text: string; etag: string; type: string }> {
    const res = await fetch(`${this.#plane.url}${base}/document${query}`, {
      headers: { cookie: person.cookies, accept: 'application/yaml' },
    });
    const text = await res.text();
    if (!res.ok) throw new Error(`${base}/document${query} answered ${res.status} ${text}`);
    return { text, etag: res.headers.get('etag') ?? '', type: res.headers.get('content-type') ?? '' };
  }

  async publish(base: string): Promise<Revision> {
    return this.#owner.ask('POST', `${base}/publish`, {});
  }

  async draftOf(base: string): Promise<Document> {
    return this.#owner.ask('GET', `${base}/document`);
  }
}
