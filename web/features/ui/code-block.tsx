import { CopyButton } from './copy-button';

/** Code with a copy button. Long lines scroll inside; the frame never widens the page. */
export function CodeBlock({ code, name, wraps = false }: { code: string; name: string; wraps?: boolean }) {
  return (
    <div className="relative min-w-0 rounded-control border border-line bg-sunken">
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it (WCAG 2.1.1)
        tabIndex={0}
        aria-label={name}
        className={`overflow-x-auto py-2.5 pr-11 pl-3 ${wraps ? 'break-all whitespace-pre-wrap' : ''}`}
      >
        <code>{code}</code>
      </pre>
      <div className="absolute top-1 right-1 rounded-control bg-sunken">
        <CopyButton text={code} name={name} />
      </div>
    </div>
  );
}
