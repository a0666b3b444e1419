import Link from 'next/link';
import { buttonClass } from './button';

/** To the next page, where there is one. The way back is the browser's. */
export function Pager({ href }: { href: string | null }) {
  if (href === null) return null;
  return (
    <div>
      <Link href={href} className={buttonClass()}>
        Next page
      </Link>
    </div>
  );
}
