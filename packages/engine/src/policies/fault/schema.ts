import { headerNameSchema } from '@sluice/contracts';
import { z } from 'zod';

const shareBps = z.int().min(0).max(10_000).default(10_000).meta({ description: 'how many of 10,000 requests' });

export const faultSchema = z
  .strictObject({
    delay: z
      .strictObject({
        delayMs: z.int().min(1).max(60_000).meta({ description: 'how long to hold a request back' }),
        shareBps,
      })
      .optional()
      .meta({ description: 'before the request goes on, or is aborted' }),
    abort: z
      .strictObject({
        status: z.int().min(400).max(599).default(503).meta({ description: 'of the answer in the upstream’s place' }),
        shareBps,
      })
      .optional()
      .meta({ description: 'answers without asking the upstream' }),
    when: z
      .strictObject({
        header: headerNameSchema.meta({ description: 'of the request' }),
        exact: z.string().min(1).max(512).optional().meta({ description: 'its whole value; without it: any' }),
      })
      .optional()
      .meta({ description: 'only requests with this header; without it: all' }),
  })
  .refine(({ delay, abort }) => delay !== undefined || abort !== undefined, 'write delay, abort, or both');

export type FaultSettings = z.infer<typeof faultSchema>;
