import { headerNameSchema } from '@sluice/contracts';
import { z } from 'zod';

// Names are written in any case elsewhere (`X-User-Id`): a list taken over from there must work.
const anyCaseName = z.string().max(64).toLowerCase().pipe(headerNameSchema);

export const forwardAuthSchema = z.strictObject({
  address: z
    .string()
    .max(2048)
    .refine(isHttpUrl, 'write an http:// or https:// URL without user and fragment')
    .meta({
      description: 'the URL of the service; it is asked with GET',
      examples: ['http://auth-service:3000/verify'],
    }),
  timeoutMs: z.int().min(1).max(30_000).default(5000).meta({ description: 'how long to wait for it, milliseconds' }),
  authResponseHeaders: z
    .array(anyCaseName)
    .max(32)
    .default([])
    .meta({ description: "headers of its answer that the upstream gets, in the place of the client's" }),
  authRequestHeaders: z.array(anyCaseName).max(64).optional().meta({
    description:
      'headers of the request that it gets; without this all of them, but for those in which proxies tell addresses and targets (X-Real-IP, X-Original-URL, ...)',
  }),
  trustForwardHeader: z
    .boolean()
    .default(false)
    .meta({ description: "send on the client's X-Forwarded-* headers, where it has any, in the place of our own" }),
  cacheMs: z.int().min(0).max(3_600_000).default(0).meta({
    description:
      'how long its answer holds for requests that send it the very same headers, unless it sets a cookie; 0: each is asked',
  }),
  maxBodyBytes: z
    .int()
    .min(0)
    .max(1_048_576)
    .default(65_536)
    .meta({ description: 'how much of its answer goes to the client when it refuses' }),
  subjectHeader: anyCaseName.optional().meta({ description: 'the header of its answer that names the caller' }),
  groupsHeader: anyCaseName
    .optional()
    .meta({ description: "the header of its answer that lists the caller's groups, apart by commas" }),
});

export type ForwardAuthSettings = z.infer<typeof forwardAuthSchema>;

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === '' &&
    url.hash === ''
  );
}
