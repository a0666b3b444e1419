import type { ReactNode } from 'react';

/** A number that says its unit, its window and its age. */
export function MetricTile({
  name,
  value,
  unit,
  note,
}: {
  name: string;
  value: string;
  unit: string;
  /** The window, and a comparison where there is one. */
  note: ReactNode;
}) {
  return (
    <div className="flex min-w-0 flex-col gap-1 rounded-card border border-line bg-surface px-4 py-3">
      <p className="text-13 text-text-2">{name}</p>
      <p className="numbers text-22">
        {value}
        <span className="ml-1 text-13 text-text-2">{unit}</span>
      </p>
      <p className="text-12 text-text-3">{note}</p>
    </div>
  );
}
