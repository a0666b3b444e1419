'use client';

import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';

/** A menu behind a button. */
export function Menu({ trigger, children }: { trigger: ReactNode; children: ReactNode }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-30 max-w-80 min-w-52 wrap-anywhere rounded-card border border-line bg-surface p-1 shadow-float"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const item =
  'flex min-h-8 w-full cursor-pointer items-center gap-2 rounded-control px-2 text-left no-underline outline-none data-highlighted:bg-hover [&>svg]:size-4 [&>svg]:stroke-[1.5]';

export function MenuItem({ onSelect, children }: { onSelect: () => void; children: ReactNode }) {
  return (
    <DropdownMenu.Item className={item} onSelect={onSelect}>
      {children}
    </DropdownMenu.Item>
  );
}

/** A link in a menu. A whole page load, because it may leave this tenant. */
export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <DropdownMenu.Item asChild>
      <a href={href} className={item}>
        {children}
      </a>
    </DropdownMenu.Item>
  );
}

export function MenuChoice({
  value,
  onChange,
  choices,
  label,
}: {
  value: string;
  onChange: (value: string) => void;
  choices: readonly { value: string; label: string }[];
  label: string;
}) {
  return (
    <>
      <DropdownMenu.Label className="px-2 pt-2 pb-1 text-12 text-text-3">{label}</DropdownMenu.Label>
      <DropdownMenu.RadioGroup value={value} onValueChange={onChange}>
        {choices.map((choice) => (
          <DropdownMenu.RadioItem key={choice.value} value={choice.value} className={item}>
            <span aria-hidden className="w-4 text-center">
              {choice.value === value ? '●' : ''}
            </span>
            {choice.label}
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
    </>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 py-1.5 text-12 text-text-3">{children}</DropdownMenu.Label>;
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className="my-1 h-px bg-(--border)" />;
}
