// Why was this request answered so?
import type { Schemas } from '@sluice/api-client';
import { placeOptions, type Command } from '../command.js';
import { printable } from '../io.js';
import { valueOf } from '../stop.js';

export const explain: Command = {
  name: 'explain',
  summary: 'say why a request was answered as it was',
  about:
    'Shows what is recorded of a request: which route took it, which limit decided, which arm was chosen, and why. The id stands in the answer that the client got, in X-Sluice-Request-Id.',
  arguments: [{ name: 'request', about: 'its id: req_ and 32 hex digits', isRequired: true }],
  options: placeOptions,
  examples: [{ line: 'sluice explain req_…', about: 'in words' }],
  run: async (context) => {
    const request = context.argument('request') ?? '';
    const { client, path, url } = await context.place();
    const asked = client.call('analytics_request', { path: { ...path, request } });
    const record = valueOf(await context.waiting('Reading the record', asked), url);
    context.result(record, () => recordText(record));
    return 'ok';
  },
};

function recordText(record: Schemas['Request']): string {
  const {
    method,
    host,
    path,
    status,
    code,
    durationMs,
    time,
    id,
    revision,
    gatewayId,
    api,
    route,
    arm,
    plan,
    upstream,
    target,
    attempts,
  } = record;
  const named: readonly (readonly [string, string])[] = [
    ['request', id],
    ['time', time],
    ['gateway', gatewayId],
    ['revision', `r${revision}`],
    ['route', route === '' ? '' : `${api}/${route}`],
    ['plan', plan],
    ['arm', arm],
    ['upstream', upstream === '' ? '' : `${upstream} ${target} (${attempts} attempts)`],
  ];
  const reasons = record.reasons.map((reason, index) => {
    const sentence = typeof reason['sentence'] === 'string' ? reason['sentence'] : JSON.stringify(reason);
    return `  ${index + 1}. ${printable(sentence)} (${printable(String(reason['code']))})\n`;
  });
  return [
    `${printable(`${method} ${host}${path}`)} -> ${status}${code === '' ? '' : ` ${printable(code)}`} in ${durationMs} ms\n`,
    ...named.filter(([, value]) => value !== '').map(([name, value]) => `${name.padEnd(9)} ${printable(value)}\n`),
    reasons.length === 0 ? '' : 'reasons:\n',
    ...reasons,
  ].join('');
}
