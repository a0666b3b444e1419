// What a gateway's threads and its identity thread say to each other. Plain data; passwords go from memory to memory.
import type { PasswordFact, TokenFact, TokenQuestion } from '@sluice/engine';

export type ToIdentity =
  | {
      readonly type: 'token';
      readonly id: number;
      readonly tenantId: string;
      /** What the token is kept by. */
      readonly key: string;
      /** Of `sourceKeyOf`. */
      readonly sourceKey: string;
      readonly question: TokenQuestion;
    }
  | {
      readonly type: 'password';
      readonly id: number;
      readonly tenantId: string;
      /** What the password is kept by. */
      readonly key: string;
      readonly hash: string;
      readonly password: string;
    };

export type FromIdentity =
  | { readonly type: 'token'; readonly id: number; readonly fact: TokenFact }
  | { readonly type: 'password'; readonly id: number; readonly fact: PasswordFact }
  /** What was found out with this source's keys is void. Comes before every answer that the new ones gave. */
  | { readonly type: 'keys-changed'; readonly tenantId: string; readonly sourceKey: string };

/** A `MessagePort`, as far as it is used. */
export interface IdentityPort {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  ref(): void;
  unref(): void;
}
