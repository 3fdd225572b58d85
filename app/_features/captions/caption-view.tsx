'use client';

import { AArrowDown, AArrowUp, Maximize, Minimize } from 'lucide-react';
import { type CSSProperties, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { IconButton, Select } from '@/app/_features/ui';
import type { CaptionPhase, Captions } from '@/lib/client/captions';
import {
  type CaptionLook,
  CaptionText,
  COLOURS,
  canStep,
  chooseLook,
  LINES,
  loadLook,
  stepSize,
  useLook,
} from './caption-text';
import { t } from './messages';

/** The highest contrasts. */
const COLOUR_STYLES: Record<CaptionLook['colours'], CSSProperties> = {
  system: {},
  light: { colorScheme: 'light', ...twoColours('#ffffff', '#000000') },
  dark: { colorScheme: 'dark', ...twoColours('#000000', '#ffffff') },
  yellow: { colorScheme: 'dark', ...twoColours('#000000', '#ffe94a') },
};

/** Everything in one colour on another: the page's colours are fixed where they are named, at its root. */
function twoColours(ground: string, ink: string): CSSProperties {
  const grounds = ['--bg', '--surface', '--sunken', '--on-accent'].map((name) => [name, ground]);
  const inks = ['--ink', '--muted', '--line', '--line-strong', '--accent', '--danger'].map(
    (name) => [name, ink],
  );
  return Object.fromEntries([...grounds, ...inks]);
}

const EMPTY = {
  waiting: 'emptyWaiting',
  listening: 'emptyListening',
  paused: 'emptyListening',
  unavailable: 'phase.unavailable',
  ended: 'emptyEnded',
} as const satisfies Record<CaptionPhase, string>;

/** Elements in which keys mean something else. */
const KEEPS_KEYS = 'input, textarea, select, [contenteditable], dialog';

/** Captions that fill what they are in, with their controls below. */
export function CaptionView({
  captions,
  status,
  isLive,
  empty = t(EMPTY[captions.phase]),
  children,
}: {
  captions: Captions;
  /** What is going on, in a few words. */
  status: string;
  /** Words may come at any moment. */
  isLive: boolean;
  /** Said while there are no words. */
  empty?: string;
  /** Further controls. */
  children?: ReactNode;
}) {
  const look = useLook();
  const view = useRef<HTMLDivElement>(null);
  const fullscreen = useFullscreen(view);
  useEffect(loadLook, []);
  useKeys(view, fullscreen.toggle);
  return (
    <div
      ref={view}
      style={COLOUR_STYLES[look.colours]}
      className="flex h-full min-h-0 flex-col bg-bg text-ink"
    >
      <CaptionText captions={captions} look={look} empty={empty} />
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-line border-t px-3 py-1.5 sm:px-6">
        <p role="status" className="flex min-w-0 flex-1 basis-40 items-center gap-2 text-sm">
          <span
            aria-hidden
            className={`size-2.5 shrink-0 ${isLive ? 'rounded-full bg-(--danger)' : 'bg-line-strong'}`}
          />
          {status}
        </p>
        <fieldset
          aria-label={t('display')}
          title={t('keys')}
          className="flex min-w-0 flex-wrap items-center gap-1"
        >
          <IconButton
            label={t('smaller')}
            disabled={!canStep(look.size, -1)}
            onClick={() => stepSize(-1)}
          >
            <AArrowDown aria-hidden size={20} />
          </IconButton>
          <IconButton
            label={t('larger')}
            disabled={!canStep(look.size, 1)}
            onClick={() => stepSize(1)}
          >
            <AArrowUp aria-hidden size={20} />
          </IconButton>
          <Choice
            label={t('lines')}
            value={look.lines}
            options={LINES.map((count) => [count, t('lines.count', { count })])}
            onChange={(lines) => chooseLook({ lines })}
          />
          <Choice
            label={t('colours')}
            value={look.colours}
            options={COLOURS.map((name) => [name, t(`colours.${name}`)])}
            onChange={(colours) => chooseLook({ colours })}
          />
          {fullscreen.isPossible && (
            <IconButton
              label={fullscreen.isOn ? t('leaveFullscreen') : t('fullscreen')}
              onClick={fullscreen.toggle}
            >
              {fullscreen.isOn ? (
                <Minimize aria-hidden size={18} />
              ) : (
                <Maximize aria-hidden size={18} />
              )}
            </IconButton>
          )}
          {children}
        </fieldset>
      </div>
    </div>
  );
}

function Choice<T extends string | number>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}) {
  const id = useId();
  return (
    <>
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <Select
        id={id}
        title={label}
        value={value}
        onChange={({ target }) => {
          const chosen = options[target.selectedIndex];
          if (chosen) onChange(chosen[0]);
        }}
        className="max-w-44 px-2 text-sm"
      >
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </Select>
    </>
  );
}

function useFullscreen(view: React.RefObject<HTMLElement | null>) {
  const [isPossible, setPossible] = useState(false);
  const [isOn, setOn] = useState(false);
  useEffect(() => {
    const { ownerDocument } = view.current ?? {};
    if (!ownerDocument) return;
    // a window above all others cannot fill the screen
    setPossible(ownerDocument.fullscreenEnabled && ownerDocument === document);
    const changed = () => setOn(ownerDocument.fullscreenElement !== null);
    ownerDocument.addEventListener('fullscreenchange', changed);
    return () => ownerDocument.removeEventListener('fullscreenchange', changed);
  }, [view]);
  const toggle = () => {
    if (!isPossible) return;
    const done = isOn ? document.exitFullscreen() : view.current?.requestFullscreen();
    done?.catch((error: unknown) => console.warn('The screen cannot be filled', error));
  };
  return { isPossible, isOn, toggle };
}

function useKeys(view: React.RefObject<HTMLElement | null>, fill: () => void): void {
  const latest = useRef(fill);
  latest.current = fill;
  useEffect(() => {
    const { ownerDocument } = view.current ?? {};
    if (!ownerDocument) return;
    const pressed = (event: KeyboardEvent) => {
      const { key, target, ctrlKey, metaKey, altKey } = event;
      if (ctrlKey || metaKey || altKey) return;
      // not `instanceof`: the window has elements of its own
      if ((target as Element | null)?.closest?.(KEEPS_KEYS)) return;
      if (key === '+' || key === '=') stepSize(1);
      else if (key === '-' || key === '−') stepSize(-1);
      else if (key.toLowerCase() === 'f') latest.current();
      else return;
      event.preventDefault();
    };
    ownerDocument.addEventListener('keydown', pressed);
    return () => ownerDocument.removeEventListener('keydown', pressed);
  }, [view]);
}
