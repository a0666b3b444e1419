// What the predicates of one request look at, each read once however many routes ask for it.
import type { DecideRequest } from '../decision.js';
import { wantedVersion } from './media-version.js';
import { queryValues } from './query-values.js';
import { RegexWork } from './regex.js';

// Instructions times characters: about ten milliseconds at the very worst, and a few dozen usual patterns.
const mostRegexWork = 200_000;

export class RequestProbe {
  readonly #request: DecideRequest;
  #query: ReadonlyMap<string, string> | undefined;
  #version: string | undefined;
  #hasReadVersion = false;
  readonly #regexWork = new RegexWork(mostRegexWork);
  /** A browser's preflight does not carry the headers of the request that it asks for. */
  isPreflight = false;

  constructor(request: DecideRequest) {
    this.#request = request;
  }

  /** Something was not matched because it would have cost too much: whatever was decided without it must not count. */
  get isExhausted(): boolean {
    return this.#regexWork.isExhausted;
  }

  header(name: string): string | undefined {
    return this.#request.header(name);
  }

  query(name: string): string | undefined {
    this.#query ??= queryValues(this.#request.query);
    return this.#query.get(name);
  }

  /** That the client asks for by `Accept`. */
  version(): string | undefined {
    if (!this.#hasReadVersion) this.#version = wantedVersion(this.#request.header('accept'));
    this.#hasReadVersion = true;
    return this.#version;
  }

  matches(pattern: string, text: string): boolean {
    return this.#regexWork.matches(pattern, text);
  }
}
