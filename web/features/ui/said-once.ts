import type { Failure } from '@/features/api/call';

/** Why, and what to do: the detail without the title that already stands above it. A detail always carries its remedy. */
export function restOf({ title, detail }: Pick<Failure, 'title' | 'detail'>): string {
  if (!detail.toLowerCase().startsWith(title.toLowerCase())) return detail;
  const rest = detail.slice(title.length).replace(/^[\s.,:;]+/, '');
  return `${rest.charAt(0).toUpperCase()}${rest.slice(1)}`;
}
