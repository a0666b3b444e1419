// A failure in words, or as one JSON object: {"error": {...}}.
import { exitCodes } from '../exit-codes.js';
import { printable, type Io } from '../io.js';
import type { Why } from '../stop.js';
import { paintFor } from './paint.js';

export function writeFailure(io: Io, why: Why, isJson: boolean): void {
  if (isJson) {
    const { exit, code, title, detail, requestId = null, errors = [] } = why;
    const error = { code, title, detail, requestId, errors, exitCode: exitCodes[exit].code };
    io.stdout.write(`${JSON.stringify({ error }, undefined, 2)}\n`);
    return;
  }
  io.stderr.write(failureText(io, why));
}

function failureText(io: Io, { code, title, detail, requestId, errors = [], source }: Why): string {
  const paint = paintFor(io, io.stderr);
  const lines = [`${paint('red', 'error:')} ${printable(title)} (${printable(code)})`, `  ${printable(detail)}`];
  for (const { pointer, message, fix, line, column } of errors) {
    const at = line === undefined ? '' : `${source ?? 'line'}:${line}${column === undefined ? '' : `:${column}`} `;
    lines.push('', `  ${paint('bold', `${at}${printable(pointer)}`)}`, `    ${printable(message)}`);
    if (fix !== message) lines.push(`    to mend it: ${printable(fix)}`);
  }
  if (requestId !== undefined && requestId !== null) lines.push('', `  request ${printable(requestId)}`);
  return `${lines.join('\n')}\n`;
}
