// The form of `policies/<name>/examples.ts`: each exports `examples`, a list of these. They are shown on the policy's page
// in the docs, and each of their requests runs as a test through `compile` and `decide` (`examples.test.ts`).
import type { ProblemCode, routeSpecSchema } from '@sluice/contracts';
import type { z } from 'zod';
import type { Facts } from '../decision.js';
import type { ReasonCode } from '../reasons.js';

export interface PolicyExample {
  /** What it is good for: a heading. */
  readonly title: string;
  /** What to know about it beyond the fields: a paragraph of Markdown. */
  readonly text?: string;
  /**
   * The route as a document writes it. What is left out is filled in, and not shown: the name `orders`, the prefix
   * `/orders`, and a split to the upstream `orders`. There are the upstreams `orders`, `orders-v2` and `shadow`.
   */
  readonly route: Partial<z.input<typeof routeSpecSchema>>;
  readonly requests: readonly ExampleRequest[];
}

export interface ExampleRequest {
  /** What is asked and what comes of it, as one sentence for the docs. */
  readonly says: string;
  readonly send?: ExampleSend;
  /**
   * What the gateway knows, or was answered when it asked. Without it: the key `slc_example` is good and belongs to an
   * active subscription of the plan `free`, every limit has room, and nothing else is known.
   */
  readonly facts?: Partial<Facts>;
  /** Unix milliseconds; 2026-01-01T00:00:00Z without it. */
  readonly now?: number;
  readonly expect: ExampleExpectation;
}

export interface ExampleSend {
  /** GET without it. */
  readonly method?: string;
  /** `/orders` without it. */
  readonly path?: string;
  /** With its `?`. */
  readonly query?: string;
  /** 192.0.2.1 without it. */
  readonly clientAddress?: string;
  readonly protocol?: 'http' | 'https';
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ExampleExpectation {
  /** It goes on to the upstream, or the gateway answers with this status. */
  readonly outcome: 'forward' | number;
  /** Of an answer that is a problem. */
  readonly code?: ProblemCode;
  /** They stand among the decision's reasons, in this order. */
  readonly reasons?: readonly ReasonCode[];
  /** As the upstream gets it. */
  readonly path?: string;
  readonly query?: string;
  /** As the upstream gets them; null: it gets none of this name. */
  readonly upstreamHeaders?: Readonly<Record<string, string | null>>;
  /** Of the answer, whoever gives it; null: there is none of this name. */
  readonly answerHeaders?: Readonly<Record<string, string | null>>;
  /** Of an answer of the gateway's own that is no problem. */
  readonly body?: string;
}

export const exampleNow = Date.UTC(2026, 0, 1);
export const exampleKey = 'slc_example';
