import type { TestAnswer } from './send-request';

/** What to check after a refusal, in a sentence; null after a success. */
export function helpFor({ status, retryAfterSeconds }: TestAnswer): string | null {
  if (status < 400) return null;
  if (status === 401) return 'The gateway did not take the key: it was revoked, or the header is another one.';
  if (status === 403) return 'The key is known, but its subscription does not include this API, or is not active.';
  if (status === 404) return 'No operation has this path. Choose another one, or ask the provider.';
  if (status === 429) {
    const wait = retryAfterSeconds === null ? '' : ` The next unit comes in ${retryAfterSeconds} s.`;
    return `The limit of your plan is used up.${wait}`;
  }
  if (status >= 500) return 'The fault is on the side of the provider. Quote the request id when you report it.';
  return 'The API refused the request; its body says why.';
}
