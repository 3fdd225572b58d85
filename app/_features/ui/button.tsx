import type { ComponentProps, ReactNode } from 'react';

const BASE =
  'inline-flex items-center justify-center gap-2 text-sm font-medium duration-100 ' +
  'motion-safe:transition-colors disabled:cursor-not-allowed disabled:opacity-50 ' +
  '[&>svg]:shrink-0';

const SHAPES = {
  words: 'min-h-10 rounded-lg px-3.5 py-1.5',
  icon: 'size-10 shrink-0 rounded-lg',
  round: 'size-11 shrink-0 rounded-full',
} as const;

const TONES = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  plain: 'border border-line bg-surface text-ink hover:border-line-strong hover:bg-sunken',
  quiet: 'text-muted hover:bg-sunken hover:text-ink',
  link: 'text-accent hover:bg-sunken hover:text-accent-strong',
  danger: 'border border-line bg-surface text-danger hover:border-danger hover:bg-danger-soft',
} as const;

type Tone = keyof typeof TONES;

/** The looks of a button, for links and labels that act as one. */
export function buttonClass(tone: Tone = 'plain', shape: keyof typeof SHAPES = 'words'): string {
  return `${BASE} ${SHAPES[shape]} ${TONES[tone]}`;
}

interface Props extends ComponentProps<'button'> {
  tone?: Tone;
  icon?: ReactNode;
}

/**
 * A button with words; the icon is decoration.
 * @param shortens on a small screen the icon alone is shown: the words are its name
 */
export function Button({
  tone = 'plain',
  icon,
  className = '',
  shortens = false,
  children,
  ...rest
}: Props & { shortens?: boolean }) {
  return (
    <button
      type="button"
      className={`${buttonClass(tone)} ${shortens ? 'max-sm:px-2' : ''} ${className}`}
      {...rest}
    >
      {icon}
      {shortens ? <span className="max-sm:sr-only">{children}</span> : children}
    </button>
  );
}

/** A button with an icon alone: its name is read aloud and shown on hover. */
export function IconButton({
  label,
  tone = 'quiet',
  round = false,
  className = '',
  children,
  ...rest
}: Omit<Props, 'icon'> & { label: string; round?: boolean }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`${buttonClass(tone, round ? 'round' : 'icon')} ${className}`}
      {...rest}
    >
      {children}
    </button>
  );
}
