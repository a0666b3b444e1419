import { buttonClass } from './button';

export function NotFoundPage({ what = 'There is no page at this address.' }: { what?: string }) {
  return (
    <main className="mx-auto flex max-w-[560px] flex-col items-start gap-3 px-5 py-16">
      <h1 className="text-22">Not found</h1>
      <p className="text-text-2">{what} It may have been renamed or deleted, or it belongs to somebody else.</p>
      <a href="/" className={buttonClass('secondary')}>
        Go to the front page
      </a>
    </main>
  );
}
