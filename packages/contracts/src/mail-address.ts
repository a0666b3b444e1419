// The addresses that we can send mail to: what zod takes for an address, within what mail servers hold it to: the lengths of
// RFC 5321 (4.5.3.1), labels of RFC 1035 (2.3.1, 2.3.4). Anything else would be accepted here, and its mail refused where
// nobody sees it.
import { z } from 'zod';

const pattern =
  /^(?=[^@]{1,64}@)(?!\.)(?!.*\.\.)[A-Za-z0-9_'+\-.]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

/** In lower case: one person has one account, however the address was typed. */
export const mailAddressSchema = z
  .email({ pattern, error: 'write an e-mail address' })
  .max(254)
  .toLowerCase()
  .meta({ examples: ['ada@example.com'] });
