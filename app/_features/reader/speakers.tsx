'use client';

import { useRef } from 'react';
import type { Speaker } from '@/lib/transcript';
import { useTools } from './context';
import { useFocusLeftToText } from './focus-back';
import { t } from './messages';

/** Whose turn begins; pressed, it is where speakers are chosen. Drawn, not written: see `RowFrame`. */
export function SpeakerLabel({ rowId, speaker }: { rowId: string; speaker: ShownSpeaker }) {
  const { editor, reader } = useTools();
  const button = useRef<HTMLButtonElement>(null);
  useFocusLeftToText(button);
  const look = {
    'data-speaker': `${speaker.shape} ${speaker.name}`,
    className: 'speaker col-start-2 justify-self-start rounded font-medium font-sans text-sm',
    style: { color: `var(--speaker-${speaker.colour})` },
  };
  if (!editor) return <span aria-hidden {...look} />;
  return (
    <button
      ref={button}
      type="button"
      aria-label={t('changeSpeaker', { name: speaker.name })}
      onClick={() => reader.setState({ speakersOf: rowId })}
      {...look}
    />
  );
}

/** How a speaker is shown: by name, colour and shape, so that nobody has to tell colours apart. */
export interface ShownSpeaker {
  id: string;
  name: string;
  /** 1 to 8: `--speaker-1` to `--speaker-8`. */
  colour: number;
  shape: string;
  /** The key that chooses this speaker, with Alt; `null` after the ninth. */
  key: number | null;
}

const SHAPES = ['●', '■', '▲', '◆', '★', '⬟', '✚', '⬢'] as const;

/** How the speakers of a transcript are shown, by id. */
export function shownSpeakers(speakers: readonly Speaker[]): Map<string, ShownSpeaker> {
  return new Map(
    speakers.map(({ id, name }, at) => [
      id,
      {
        id,
        name,
        colour: (at % SHAPES.length) + 1,
        shape: SHAPES[at % SHAPES.length] ?? SHAPES[0],
        key: at < 9 ? at + 1 : null,
      },
    ]),
  );
}
