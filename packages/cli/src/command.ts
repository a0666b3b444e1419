// A command as data: help, completion, the check of arguments and the docs' test all read the same description.
import type { Io } from './io.js';
import type { Place } from './settings/connection.js';
import type { ExitName } from './exit-codes.js';

export interface Option {
  readonly name: string;
  readonly short?: string;
  /** What stands for its value in help. Without it the option is a switch. */
  readonly value?: string;
  /** All that it takes. */
  readonly values?: readonly string[];
  readonly about: string;
}

export interface Argument {
  readonly name: string;
  readonly about: string;
  readonly isRequired: boolean;
  readonly values?: readonly string[];
  readonly isFile?: boolean;
  /** Of the last one: it takes all that follows. */
  readonly isMany?: boolean;
}

export interface Command {
  /** One word or two: `keys create`. */
  readonly name: string;
  /** One line, without a stop. */
  readonly summary: string;
  /** Whole sentences. */
  readonly about: string;
  readonly arguments: readonly Argument[];
  readonly options: readonly Option[];
  readonly examples: readonly { readonly line: string; readonly about: string }[];
  readonly run: (context: Context) => Promise<ExitName>;
}

/** A run of a command: what was given, and where results go. */
export interface Context {
  readonly io: Io;
  readonly isJson: boolean;
  argument(name: string): string | undefined;
  /** All that an argument took that takes many. */
  every(name: string): readonly string[];
  option(name: string): string | undefined;
  has(name: string): boolean;
  /** Signs in and finds tenant and environment. */
  place(): Promise<Place>;
  /** The result: with --json the value, else the text, on stdout. */
  result(value: unknown, text: () => string): void;
  /** For people alone, on stderr: not with --json. */
  say(text: string): void;
  /** Tells on stderr when `work` takes long. */
  waiting<T>(what: string, work: Promise<T>): Promise<T>;
}

export const globalOptions: readonly Option[] = [
  { name: 'json', about: 'print one JSON value on stdout, a failure too' },
  { name: 'help', short: 'h', about: 'show this help' },
];

export const tenantOption: Option = {
  name: 'tenant',
  short: 't',
  value: 'slug',
  about: "the tenant; SLUICE_TENANT, what login kept, or the token's own",
};

export const placeOptions: readonly Option[] = [
  tenantOption,
  {
    name: 'environment',
    short: 'e',
    value: 'name',
    about: 'the environment; SLUICE_ENVIRONMENT, what login kept, or production',
  },
];
