import { notFound } from 'next/navigation';

/** An address of the portal that is no page. */
export default function NoSuchPage() {
  notFound();
}
