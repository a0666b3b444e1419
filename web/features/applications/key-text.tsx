'use client';

/** A secret in full, selected whole by one click. */
export function KeyText({ value, onSelect }: { value: string; onSelect?: () => void }) {
  return (
    <input
      readOnly
      aria-label="The key"
      value={value}
      spellCheck={false}
      autoComplete="off"
      onFocus={(event) => event.target.select()}
      onCopy={onSelect}
      className="h-10 w-full rounded-control border border-control bg-sunken px-3 font-mono text-13"
    />
  );
}
