import { z } from 'zod';

/** Length is what makes a password strong (NIST SP 800-63B): no rules about its letters. */
export const passwordSchema = z
  .string()
  .min(10, 'Write at least 10 characters.')
  .max(128, 'Write at most 128 characters.');
