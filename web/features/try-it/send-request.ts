// Sends a request from the browser straight to the gateway, as the caller's own code would, and measures it.
import { readRateLimit } from './rate-limit';
import type { LimitLeft } from './rate-limit';

export interface TestRequest {
  readonly method: string;
  readonly url: string;
  readonly keyHeader: string | null;
  readonly key: string;
}

export interface TestAnswer {
  readonly status: number;
  readonly ms: number;
  readonly sizeBytes: number;
  readonly body: string;
  readonly isCut: boolean;
  readonly requestId: string | null;
  readonly arm: string | null;
  readonly limit: LimitLeft | null;
  readonly retryAfterSeconds: number | null;
}

const mostShown = 20_000;

/** The answer, or null when the browser got none: blocked, refused, or out of reach. */
export async function sendRequest({ method, url, keyHeader, key }: TestRequest): Promise<TestAnswer | null> {
  const headers = new Headers();
  if (keyHeader !== null) headers.set(keyHeader, key);
  const start = performance.now();
  try {
    const response = await fetch(url, {
      method,
      headers,
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(35_000),
    });
    const bytes = await response.arrayBuffer();
    const ms = performance.now() - start;
    const text = new TextDecoder().decode(bytes);
    const retryAfter = response.headers.get('retry-after');
    return {
      status: response.status,
      ms,
      sizeBytes: bytes.byteLength,
      body: indented(text).slice(0, mostShown),
      isCut: text.length > mostShown,
      requestId: response.headers.get('x-sluice-request-id'),
      arm: response.headers.get('x-sluice-arm'),
      limit: readRateLimit(response.headers.get('ratelimit'), response.headers.get('ratelimit-policy')),
      retryAfterSeconds: retryAfter === null ? null : Number(retryAfter),
    };
  } catch {
    return null;
  }
}

/** The same request for a terminal. */
export function curlOf({ method, url, keyHeader, key }: TestRequest): string {
  const verb = method === 'GET' ? '' : ` -X ${method}`;
  const header = keyHeader === null ? '' : ` \\\n  -H '${keyHeader}: ${key}'`;
  return `curl -i${verb} '${url}'${header}`;
}

/** Below a public URL that may end with a slash, a path that begins with one. */
export function urlBelow(publicUrl: string, path: string): string {
  return publicUrl.replace(/\/+$/, '') + (path.startsWith('/') || path === '' ? path : `/${path}`);
}

/** The path alone of an operation below a public URL, as the gateway gets it. */
export function pathBelow(publicUrl: string, path: string): string {
  return urlBelow(new URL(publicUrl).pathname, path) || '/';
}

function indented(text: string): string {
  if (text.length > mostShown) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
