import { buttonClass } from './button';

/** `isInFrame`: the page around it has a <main> already. */
export function NotFoundPage({
  what = 'There is no page at this address.',
  isInFrame = false,
  frontPage = '/',
}: {
  what?: string;
  isInFrame?: boolean;
  /** On another host where this one has none. */
  frontPage?: string;
}) {
  const Tag = isInFrame ? 'div' : 'main';
  return (
    <Tag className="mx-auto flex max-w-[560px] flex-col items-start gap-3 px-5 py-16">
      <h1 className="text-22">Not found</h1>
      <p className="text-text-2">{what} It may have been renamed or deleted, or it belongs to somebody else.</p>
      <a href={frontPage} className={buttonClass('secondary')}>
        Go to the front page
      </a>
    </Tag>
  );
}
