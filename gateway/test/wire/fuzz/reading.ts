// What a parser makes of the bytes of one connection.

export interface Message {
  /** The method, or the status. */
  readonly start: string;
  /** Of a request. */
  readonly target: string;
  readonly fields: readonly string[];
  body: string;
  isWhole: boolean;
  readonly isKeptAlive: boolean;
  /** What follows is of another protocol. */
  readonly isUpgrade: boolean;
}

export interface Reading {
  readonly messages: Message[];
  /** What was refused; '': nothing. */
  fault: string;
}
