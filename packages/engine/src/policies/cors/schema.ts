import { headerNameSchema } from '@sluice/contracts';
import { z } from 'zod';

// The wildcard stands for one label or more, below at least two: `https://*.com` would be half of the world.
const origin = z
  .string()
  .max(300)
  .regex(
    /^(?:\*|https?:\/\/(?:\*\.[a-z0-9-]+\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[1-9]\d{0,4})?)$/,
    'write an origin such as https://app.example.com, https://*.example.com, or * for all',
  );

export const corsSchema = z
  .strictObject({
    origins: z.array(origin).min(1).max(64).meta({
      description: 'whose pages may call: exact origins, `https://*.example.com` for all below it, or `*`',
    }),
    methods: z
      .array(z.string().regex(/^[A-Z]{3,16}$/, 'write a method in capitals'))
      .min(1)
      .max(16)
      .optional()
      .meta({ description: 'that pages may use; without it: those of the route' }),
    headers: z
      .array(headerNameSchema)
      .max(64)
      .optional()
      .meta({ description: 'of requests, that pages may set; without it: whichever the browser asks for' }),
    exposeHeaders: z
      .array(headerNameSchema)
      .max(64)
      .default([])
      .meta({ description: 'of answers, that pages may read; those of limits and the request id always are' }),
    credentials: z
      .boolean()
      .default(false)
      .meta({ description: 'whether pages may send cookies and HTTP authentication' }),
    maxAgeS: z
      .int()
      .min(0)
      .max(86_400)
      .default(600)
      .meta({ description: 'how long a browser may keep the answer to a preflight, in seconds' }),
  })
  .superRefine(({ origins, credentials }, context) => {
    if (credentials && origins.includes('*'))
      context.addIssue({
        code: 'custom',
        path: ['credentials'],
        message: 'name the origins: with * and credentials any page could act for the user',
      });
  });

export type CorsSettings = z.infer<typeof corsSchema>;
