// A decision in the words of an example's expectation: what was expected is looked up in what happened.
import type { Decision, HeaderEdits } from '../decision.js';
import type { ExampleExpectation, ExampleSend } from '../policies/example.js';

/** Equal to `expected` when all of it happened. A problem that was not expected shows its code. */
export function asExpected(
  decision: Decision,
  sent: ExampleSend['headers'] = {},
  expected: ExampleExpectation,
): Record<string, unknown> {
  const isForward = decision.kind === 'forward';
  const code = isForward ? null : decision.code;
  const upstream = isForward ? afterEdits(sent, decision.request) : new Map<string, string>();
  const answer = new Map([...afterEdits({}, decision.response), ...decision.answerHeaders]);
  const happened: Record<keyof ExampleExpectation, unknown> = {
    outcome: isForward ? 'forward' : decision.status,
    code,
    reasons: decision.reasons.map((reason) => reason.code).filter((one) => expected.reasons?.includes(one)),
    path: isForward ? decision.path : null,
    query: isForward ? decision.query : null,
    upstreamHeaders: pick(upstream, expected.upstreamHeaders),
    answerHeaders: pick(answer, expected.answerHeaders),
    body: isForward ? null : (decision.body?.text ?? null),
  };
  const wanted = Object.entries(happened).filter(([name]) => name in expected || (name === 'code' && code !== null));
  return Object.fromEntries(wanted);
}

function pick(headers: ReadonlyMap<string, string>, names: Readonly<Record<string, unknown>> = {}): object {
  return Object.fromEntries(Object.keys(names).map((name) => [name, headers.get(name) ?? null]));
}

function afterEdits(
  headers: Readonly<Record<string, string>>,
  { rename, remove, set, add }: HeaderEdits,
): Map<string, string> {
  const edited = new Map(Object.entries(headers));
  for (const [from, to] of rename) {
    const value = edited.get(from);
    edited.delete(from);
    if (value !== undefined) edited.set(to, value);
  }
  for (const name of remove) edited.delete(name);
  for (const [name, value] of set) edited.set(name, value);
  for (const [name, value] of add) edited.set(name, edited.has(name) ? `${edited.get(name)}, ${value}` : value);
  return edited;
}
