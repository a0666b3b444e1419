import { z } from 'zod';

/** Length is what makes a password strong (NIST SP 800-63B): no rules about its letters. */
export const passwordSchema = z
  .string()
  .min(8, 'Write at least 8 characters.')
  .max(200, 'Write at most 200 characters.');
