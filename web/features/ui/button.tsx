import { clsx } from 'clsx';
import type { ComponentProps } from 'react';

export type ButtonLook = 'primary' | 'secondary' | 'quiet' | 'danger';
export type ButtonSize = 'compact' | 'normal' | 'large';

const looks: Record<ButtonLook, string> = {
  primary: 'bg-accent text-on-accent border-transparent hover:bg-accent-hover',
  secondary: 'bg-surface text-text border-control hover:bg-hover',
  quiet: 'bg-transparent text-text-2 border-transparent hover:bg-hover hover:text-text',
  danger: 'bg-bad-solid text-on-accent border-transparent hover:brightness-95',
};
const sizes: Record<ButtonSize, string> = {
  compact: 'h-7 px-2 text-13 gap-1.5',
  normal: 'h-8 px-3 gap-2',
  large: 'h-10 px-4 text-16 gap-2',
};

/** The classes of a button, for links that look like one. */
export function buttonClass(look: ButtonLook = 'secondary', size: ButtonSize = 'normal', extra?: string): string {
  return clsx(
    'tap inline-flex items-center justify-center whitespace-nowrap rounded-control border font-strong no-underline',
    'transition-[background-color,filter] duration-[90ms] disabled:opacity-60',
    '[&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:stroke-[1.5]',
    looks[look],
    sizes[size],
    extra,
  );
}

interface ButtonProps extends ComponentProps<'button'> {
  look?: ButtonLook;
  size?: ButtonSize;
  /** True while its request is under way: it is disabled then, and only then, and keeps its label. */
  isSending?: boolean;
}

export function Button({ look, size, isSending = false, className, type = 'button', disabled, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      disabled={disabled === true || isSending}
      aria-busy={isSending || undefined}
      className={buttonClass(look, size, className)}
    />
  );
}

/** A button within a sentence: it looks like the links around it. */
export function InlineButton(props: Omit<ComponentProps<'button'>, 'className' | 'type'>) {
  return <button {...props} type="button" className="link rounded-chip" />;
}
