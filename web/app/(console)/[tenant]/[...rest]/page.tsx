import { notFound } from 'next/navigation';

/** An address that is no page: answered inside the console's frame. */
export default function NoSuchPage() {
  notFound();
}
