/**
 * Whether a text holds a secret, written out or escaped. A code of six digits stands in many a number: it counts where no letter or
 * digit is beside it.
 */
export function holds(text: string, secret: string): boolean {
  if (/^\d{6}$/.test(secret)) return new RegExp(`(?<![\\w.-])${secret}(?![\\w-])`).test(text);
  return (
    text.includes(secret) ||
    text.includes(JSON.stringify(secret).slice(1, -1)) ||
    text.includes(encodeURIComponent(secret))
  );
}
