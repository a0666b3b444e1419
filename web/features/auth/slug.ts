/** A slug proposed from a title: "Acme Orders GmbH" becomes `acme-orders-gmbh`. Empty when nothing is left of it. */
export function slugFrom(title: string): string {
  const slug = title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return slug.length < 2 ? '' : slug;
}
