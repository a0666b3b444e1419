// The log of a process: JSON lines on stdout. What may carry a secret is redacted by name, wherever one level deep it
// stands; the rule for callers remains: log names and ids, never bodies or header values.
import { pino } from 'pino';
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
    redact: {
      paths: secretNames.flatMap((secret) => [secret, secret.startsWith('[') ? `*${secret}` : `*.${secret}`]),
      censor: '[redacted]',
    },
  });
}
