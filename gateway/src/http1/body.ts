// A body on its way through the gateway, in either direction, whoever carries it: pushed to one reader, as fast as that
// one takes it. No stream of Node's: one object for a body, none for a message without.

export interface BodyReader {
  /**
   * False: send no more until `resume`. The chunk is the reader's during the call; after `false`, until it calls `resume`,
   * so that a socket that could not take all of it at once need not copy the rest.
   */
  onData(chunk: Uint8Array): boolean;
  onEnd(): void;
  /** The rest will not come: whoever sent it has gone, broke the framing, or took too long. */
  onError(error: Error): void;
}

export interface Body {
  /** Bytes, as Content-Length says; undefined: they end where their framing ends. */
  readonly length: number | undefined;
  /** Begins to flow; never within the call itself. Once. */
  read(reader: BodyReader): void;
  resume(): void;
  /** Nobody will read any more of it. The reader hears no more. */
  drop(): void;
}
