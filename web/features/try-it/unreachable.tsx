/** When the browser got no answer at all. */
export function Unreachable({ url }: { url: string }) {
  return (
    <p role="alert" className="rounded-control bg-bad-tint px-3 py-2">
      Your browser could not reach <code className="break-all">{new URL(url).origin}</code>. A blocker or a proxy may
      stand between; copy the curl line and try it from a terminal, or reload this page.
    </p>
  );
}
