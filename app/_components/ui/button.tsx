import type { ComponentProps, ReactNode } from 'react';

const BASE =
  'inline-flex min-h-10 items-center justify-center gap-2 rounded-lg px-3.5 text-sm font-medium ' +
  'duration-100 motion-safe:transition-colors disabled:cursor-not-allowed disabled:opacity-50';

const TONES = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  plain: 'border border-line bg-surface text-ink hover:border-line-strong hover:bg-sunken',
  quiet: 'text-muted hover:bg-sunken hover:text-ink',
  danger: 'border border-line bg-surface text-danger hover:border-danger hover:bg-danger-soft',
} as const;

export type ButtonTone = keyof typeof TONES;

/** The looks of a button, for links and labels that act as one. */
export function buttonClass(tone: ButtonTone = 'plain', extra = ''): string {
  return `${BASE} ${TONES[tone]} ${extra}`;
}

interface Props extends ComponentProps<'button'> {
  tone?: ButtonTone;
  icon?: ReactNode;
}

/** A button with words; the icon is decoration. */
export function Button({ tone = 'plain', icon, className = '', children, ...rest }: Props) {
  return (
    <button type="button" className={buttonClass(tone, className)} {...rest}>
      {icon}
      {children}
    </button>
  );
}

/** A square button whose name is read aloud and shown on hover. */
export function IconButton({
  label,
  tone = 'quiet',
  className = '',
  children,
  ...rest
}: Omit<Props, 'icon'> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={buttonClass(tone, `size-10 shrink-0 px-0 ${className}`)}
      {...rest}
    >
      {children}
    </button>
  );
}
