// Refuses bodies that are too large: at once where the request says how large, otherwise as soon as too much has come.
import { rulePolicy } from '../../policy.js';
import { refuse } from '../../progress.js';
import type { BodyLimitSettings } from './schema.js';
import { bodyLimitSchema } from './schema.js';

export const bodyLimit = rulePolicy<BodyLimitSettings, BodyLimitSettings>({
  name: 'body-limit',
  summary: 'Refuses requests whose body is larger than the route takes.',
  schema: bodyLimitSchema,
  stage: 'shield',
  compile: (settings) => settings,
  decide: ({ maxBytes }, { request, transport, reasons }) => {
    // A body of unknown length is counted while it flows.
    transport.maxBodyBytes = maxBytes;
    const bytes = Number(request.header('content-length') ?? 0);
    if (bytes <= maxBytes) return undefined;
    reasons.push({ code: 'body_too_large', maxBytes, bytes });
    return refuse('too_large', bodyTooLarge(maxBytes));
  },
});

/** The problem's text, for whoever finds out. */
export function bodyTooLarge(maxBytes: number): string {
  return `The body may have ${maxBytes} bytes at most.`;
}
