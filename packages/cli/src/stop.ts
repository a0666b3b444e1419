// Why a command ends before it is done. It is thrown, although it is expected: a command stops at the first thing that goes
// wrong, however deep, and one place says it and chooses the exit code.
import type { Failure, Outcome, Problem, ProblemError } from '@sluice/api-client';
import type { ExitName } from './exit-codes.js';

export interface Why {
  readonly exit: ExitName;
  /** One of the control plane's codes, or one of ours for what it never saw. */
  readonly code: string;
  readonly title: string;
  /** What is wrong and what to do. */
  readonly detail: string;
  readonly requestId?: string | null;
  readonly errors?: readonly ProblemError[];
  /** The name of the text that lines of `errors` lie in. */
  readonly source?: string;
}

export class Stop extends Error {
  constructor(readonly why: Why) {
    super(`${why.code}: ${why.detail}`);
    this.name = 'Stop';
  }
}

export function usage(detail: string): Stop {
  return new Stop({ exit: 'usage', code: 'usage', title: 'The command is not right', detail });
}

/** The value of an outcome, or the end of the command. @param source names the text that was sent. */
export function valueOf<T>(outcome: Outcome<T>, url: string, source?: string): T {
  if (outcome.ok) return outcome.value;
  throw new Stop(whyOf(outcome.failure, url, source));
}

function whyOf(failure: Failure, url: string, source: string | undefined): Why {
  if (failure.kind === 'refused') return { ...refusal(failure.problem), ...(source === undefined ? {} : { source }) };
  if (failure.kind === 'stranger')
    return {
      exit: 'unreachable',
      code: 'not_a_control_plane',
      title: 'This is no control plane',
      detail: `${url} is not answered by a Sluice control API: ${failure.detail}.`,
    };
  return {
    exit: 'unreachable',
    code: 'unreachable',
    title: 'The control plane cannot be reached',
    detail: `${url} did not answer: ${failure.detail}. Check the address and the network; gateways go on serving meanwhile. Whether a change was made is not known: look before you repeat it.`,
  };
}

const signedOut = new Set(['unauthenticated', 'access_token_invalid']);

function refusal({ code, status, title, detail, requestId, errors }: Problem): Why {
  // 429 and 503 are not about the request: the same one may pass later.
  const isLater = status >= 500 || status === 429;
  const exit = signedOut.has(code) ? 'signedOut' : isLater ? 'unreachable' : 'refused';
  // The control plane speaks to whoever writes requests by hand.
  const remedy =
    exit === 'signedOut' ? ' Here: `sluice login` keeps another one, and SLUICE_TOKEN wins over what it kept.' : '';
  return { exit, code, title, detail: detail + remedy, requestId, errors };
}
