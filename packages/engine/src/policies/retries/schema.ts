import { z } from 'zod';

export const retriesSchema = z.strictObject({
  attempts: z.int().min(1).max(5).default(2).meta({ description: 'tries beyond the first, at most' }),
  methods: z
    .array(z.string().regex(/^[A-Z]{3,16}$/, 'write a method in capitals'))
    .max(16)
    .default(['GET', 'HEAD', 'OPTIONS'])
    .meta({ description: 'that may be repeated though the upstream may have seen the request' }),
  statuses: z
    .array(z.int().min(400).max(599))
    .max(32)
    .default([502, 503, 504])
    .meta({ description: 'of an answer that is worth another try' }),
  maxBufferBytes: z
    .int()
    .min(0)
    .max(1024 ** 2)
    .default(65_536)
    .meta({ description: 'a body up to this size is kept for another try; larger ones are sent once' }),
  backoffMs: z.int().min(0).max(10_000).default(25).meta({
    description: 'the longest wait before the first repetition; it doubles with each, and chance shortens it',
  }),
});

export type RetriesSettings = z.infer<typeof retriesSchema>;
