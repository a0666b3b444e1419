import { clsx } from 'clsx';
import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand to the right, in figures of one width. */
  readonly isNumber?: boolean;
  /** Left out below 768 px. */
  readonly isSecondary?: boolean;
}

/** A table with a caption for screen readers. It scrolls sideways inside its frame, never with the page. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  isSelected,
}: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  isSelected?: (row: Row) => boolean;
}) {
  return (
    <section
      aria-label={caption}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it (WCAG 2.1.1)
      tabIndex={0}
      className="overflow-x-auto rounded-card border border-line bg-surface"
    >
      <table className="w-full border-collapse text-left text-14">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line bg-sunken text-12 text-text-2">
            {columns.map((column) => (
              <th key={column.title} scope="col" className={cellClass(column, 'h-8 sm:whitespace-nowrap')}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              className={clsx(
                'border-b border-line last:border-b-0',
                isSelected?.(row) === true ? 'bg-selected' : 'hover:bg-hover',
              )}
            >
              {columns.map((column) => (
                <td key={column.title} className={cellClass(column, 'h-10 py-1.5')}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function cellClass(column: { isNumber?: boolean; isSecondary?: boolean }, height: string): string {
  return clsx(
    height,
    'px-3 align-middle max-sm:px-2',
    column.isNumber === true && 'numbers text-right',
    column.isSecondary === true && 'max-sm:hidden',
  );
}
