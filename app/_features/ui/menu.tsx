'use client';

import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Button } from './button';

export interface MenuItem {
  key: string;
  label: string;
  run: () => void;
}

/** Between a menu and the edge of the page, in pixels. */
const EDGE = 8;

/**
 * A button that opens a menu: arrow keys, Home and End move, letters jump, Escape and a press
 * outside close it (the menu-button pattern of the ARIA practices).
 */
export function MenuButton({
  label,
  icon,
  items,
  compact = false,
  shortens = false,
}: {
  label: string;
  icon: ReactNode;
  items: MenuItem[];
  /** The icon alone is shown, and the menu opens to the left: for the end of a row. */
  compact?: boolean;
  /** As of a `Button`. */
  shortens?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const buttonId = `${id}-button`;

  const close = (focusButton: boolean) => {
    setOpen(false);
    if (focusButton) document.getElementById(buttonId)?.focus();
  };

  // on a small screen it would reach over one edge of the page or the other
  useLayoutEffect(() => {
    const menu = open && box.current?.querySelector<HTMLElement>('[role="menu"]');
    if (!menu) return;
    const place = () => {
      menu.style.translate = '';
      const { left, right } = menu.getBoundingClientRect();
      const over = Math.max(0, right + EDGE - document.documentElement.clientWidth);
      menu.style.translate = `${Math.max(EDGE - left, -over)}px`;
    };
    place();
    // its button moves when the page is turned, or when something appears beside it
    const row = box.current?.parentElement;
    const sizes = new ResizeObserver(place);
    const watch = () => {
      for (const one of [document.documentElement, row, ...(row?.children ?? [])])
        if (one) sizes.observe(one);
    };
    watch();
    // what is new in the row is placed as it is watched, what left it is not
    const neighbours = new MutationObserver(() => {
      watch();
      place();
    });
    if (row) neighbours.observe(row, { childList: true });
    return () => {
      sizes.disconnect();
      neighbours.disconnect();
    };
  }, [open]);

  useEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    const onPress = ({ target }: PointerEvent) => {
      if (!(target instanceof Node && box.current?.contains(target))) setOpen(false);
    };
    window.addEventListener('pointerdown', onPress);
    return () => window.removeEventListener('pointerdown', onPress);
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    const options = [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const at = options.findIndex((option) => option.matches(':focus'));
    const { length } = options;
    const starting = (letter: string) =>
      [...options.slice(at + 1), ...options.slice(0, at + 1)].find((option) =>
        option.textContent?.toLowerCase().startsWith(letter.toLowerCase()),
      );
    if (event.key === 'Escape') {
      event.preventDefault();
      close(true);
      return;
    }
    if (event.key === 'Tab') {
      setOpen(false);
      return;
    }
    const next = {
      ArrowDown: options[(at + 1) % length],
      ArrowUp: options[(at - 1 + length) % length],
      Home: options[0],
      End: options[length - 1],
    }[event.key];
    const target = next ?? (/^\w$/.test(event.key) ? starting(event.key) : undefined);
    if (!target) return;
    event.preventDefault();
    target.focus();
  };

  return (
    <div ref={box} className="relative">
      <Button
        id={buttonId}
        icon={icon}
        shortens={shortens}
        {...(compact && {
          tone: 'quiet',
          title: label,
          'aria-label': label,
          className: 'w-10 px-0',
        })}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (open || event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {!compact && label}
      </Button>
      {open && (
        <div
          id={id}
          role="menu"
          tabIndex={-1}
          aria-labelledby={buttonId}
          onKeyDown={onKeyDown}
          className={`absolute top-full z-40 mt-1 max-h-[min(40rem,60dvh)] min-w-56 overflow-y-auto rounded-xl border border-line bg-surface p-1.5 shadow-raised ${compact ? 'end-0' : 'start-0'}`}
        >
          {items.map(({ key, label: name, run }) => (
            <button
              key={key}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className="flex min-h-10 w-full items-center rounded-lg px-3 text-start text-sm hover:bg-sunken focus:bg-sunken"
              onClick={() => {
                close(true);
                run();
              }}
            >
              {name}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
