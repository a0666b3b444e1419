// Access tokens that people and service accounts are given, and the programs that carry them.
import type { PersonalTokenWithSecret, Problem, ServiceAccount, ServiceTokenWithSecret } from '@sluice/contracts';
import type { ControlPlane } from './control-plane.js';
import { Person, type Answer } from './person.js';

export class Tokens {
  /** All that were shown. */
  readonly given: string[] = [];
  readonly #plane: ControlPlane;
  readonly #owner: Person;

  /** @param owner of the tenant `own` */
  constructor(plane: ControlPlane, owner: Person) {
    this.#plane = plane;
    this.#owner = owner;
  }

  async of(person: Person, body: object): Promise<PersonalTokenWithSecret> {
    const made = await person.ask<PersonalTokenWithSecret>('POST', '/v1/me/tokens', body);
    this.given.push(made.token);
    return made;
  }

  /** That of a new service account. */
  async ofService(body: object, role = 'admin', name = `made-${this.given.length}`): Promise<ServiceTokenWithSecret> {
    const accounts = '/v1/tenants/own/service-accounts';
    const { id } = await this.#owner.ask<ServiceAccount>('POST', accounts, { name, role });
    const made = await this.#owner.ask<ServiceTokenWithSecret>('POST', `${accounts}/${id}/tokens`, body);
    this.given.push(made.token);
    return made;
  }

  /** As a program that has the token, and nothing else. */
  async send<T = Problem>(token: string, method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const program = new Person(this.#plane, 'program@nowhere.test');
    return program.send<T>(method, path, body, { authorization: `Bearer ${token}` });
  }

  /** The status of a success, the code of a refusal. */
  async codeOf(token: string, method: string, path: string, body?: unknown): Promise<string | number> {
    const answer = await this.send(token, method, path, body);
    return answer.status < 300 ? answer.status : answer.body.code;
  }
}
