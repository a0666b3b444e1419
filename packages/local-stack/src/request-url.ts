// The URL that a request asks for. What a client sends need be none (`//` is not): then it asks for `/`, and no server of
// ours ends by an exception.
import type { IncomingMessage } from 'node:http';

export const requestUrl = ({ url }: IncomingMessage): URL =>
  URL.parse(`http://local${url ?? '/'}`) ?? new URL('http://local/');
