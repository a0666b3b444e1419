// The log of a process: JSON lines on stdout. What may carry a secret is redacted by name, wherever one level deep it
// stands, and of an error only what it says is kept; the rule for callers remains: log names and ids, never bodies or
// header values.
import { pino, stdSerializers } from 'pino';
import type { Logger } from 'pino';

export type { Logger } from 'pino';

const secretNames = [
  'password',
  'token',
  'secret',
  'key',
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["x-api-key"]',
  'apikey',
];

/** @param name the process or thread, in every line. @param level `trace` to `fatal`, or `silent`. */
export function createLogger(name: string, level = 'info'): Logger {
  return pino({
    name,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: errorMembers },
    redact: {
      paths: secretNames.flatMap((secret) => [secret, secret.startsWith('[') ? `*${secret}` : `*.${secret}`]),
      censor: '[redacted]',
    },
  });
}

// Libraries hang on their errors what they were doing: ioredis the whole command, which on connecting is the password.
function errorMembers(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message, stack, ...('code' in error ? { code: error.code } : {}) };
}
