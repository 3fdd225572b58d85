'use client';

import { useRef } from 'react';
import { useTools } from './context';
import { useFocusLeftToText } from './focus-back';
import { t } from './messages';
import type { ShownSpeaker } from './speakers';

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
