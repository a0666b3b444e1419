// Which header names a policy may write. What frames messages (RFC 9112), belongs to one connection (RFC 9110, section
// 7.6.1), or says who the client is and what the gateway did, is written by the gateway alone.
import { headerNameSchema } from '@sluice/contracts';

const ofTheConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
]);
const ofRequests = new Set(['host', 'expect', 'forwarded', 'via']);
const ofAnswers = new Set(['ratelimit', 'ratelimit-policy']);

export interface NameFault {
  readonly detail: string;
  readonly fix: string;
}

/** What is wrong with a name in a policy; undefined: it may be written. */
export function headerNameFault(name: string, on: 'request' | 'response'): NameFault | undefined {
  if (!headerNameSchema.safeParse(name).success)
    return { detail: `${JSON.stringify(name)} is not the name of a header`, fix: 'write a header name in lower case' };
  if (ofTheConnection.has(name))
    return { detail: `${name} belongs to one connection and is written anew on each`, fix: 'leave it out' };
  const isOurs = name.startsWith('x-sluice-') || (on === 'request' && name.startsWith('x-forwarded-'));
  if (isOurs || (on === 'request' ? ofRequests : ofAnswers).has(name))
    return {
      detail: `${name} is written by the gateway, so that nobody else can speak in its name`,
      fix: 'choose another name',
    };
  return undefined;
}
