import { z } from 'zod';

const duration = z.int().min(1).max(600_000);

export const timeoutsSchema = z
  .strictObject({
    firstByteMs: duration.optional().meta({
      description: "from having sent a try to the first byte of its answer; without it: the upstream's timeoutMs",
    }),
    perTryMs: duration.optional().meta({
      description: 'from beginning a try, connection and body included, to the first byte of its answer',
    }),
    totalMs: duration.optional().meta({
      description: 'all tries together, to the last byte of the answer; leave it out where answers are streams',
    }),
  })
  .superRefine(({ firstByteMs, perTryMs, totalMs }, context) => {
    if (firstByteMs === undefined && perTryMs === undefined && totalMs === undefined)
      context.addIssue({ code: 'custom', message: 'write at least one of firstByteMs, perTryMs, totalMs' });
    if (perTryMs !== undefined && totalMs !== undefined && perTryMs > totalMs)
      context.addIssue({ code: 'custom', path: ['perTryMs'], message: 'write at most totalMs' });
  });

export type TimeoutsSettings = z.infer<typeof timeoutsSchema>;
