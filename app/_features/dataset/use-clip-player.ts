'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { getApp } from '@/app/_features/app';
import { attempt } from '@/app/_features/ui';
import { type ClipCutter, type OpenClipSource, readClipSource } from '@/lib/client/dataset';

/** Plays clips as they would be given: each is cut when it is first played. */
export function useClipPlayer(transcriptId: string): {
  /** Start of the clip that is played, in ms; `null`: none. */
  playing: number | null;
  play(span: { startMs: number; endMs: number }): void;
  stop(): void;
} {
  const [playing, setPlaying] = useState<number | null>(null);
  const opened = useRef<{ cutter: ClipCutter; source: Promise<OpenClipSource> } | null>(null);
  const audio = useRef<HTMLAudioElement | null>(null);
  /** Presses so far: a clip that is cut when another was pressed is not played. */
  const presses = useRef(0);

  const stop = useCallback(() => {
    presses.current++;
    const element = audio.current;
    audio.current = null;
    element?.pause();
    if (element) URL.revokeObjectURL(element.src);
    setPlaying(null);
  }, []);

  const open = useCallback(() => {
    if (!opened.current) {
      const cutter = getApp().cutClips();
      const source = readClipSource(transcriptId).then((found) => cutter.open(found));
      opened.current = { cutter, source };
      // the next press tries again
      source.catch(() => {
        opened.current = null;
        cutter.dispose();
      });
    }
    return opened.current.source;
  }, [transcriptId]);

  const play = useCallback(
    (span: { startMs: number; endMs: number }) => {
      stop();
      const press = presses.current;
      setPlaying(span.startMs);
      void attempt(async () => {
        const { bytes } = await (await open()).cut(span);
        if (presses.current !== press) return;
        for (const other of document.querySelectorAll<HTMLMediaElement>('audio, video'))
          other.pause();
        const element = new Audio(URL.createObjectURL(new Blob([bytes], { type: 'audio/flac' })));
        audio.current = element;
        element.addEventListener('ended', stop);
        await element.play();
      }).then((isDone) => {
        if (!isDone && presses.current === press) stop();
      });
    },
    [open, stop],
  );

  useEffect(
    () => () => {
      stop();
      opened.current?.cutter.dispose();
      opened.current = null;
    },
    [stop],
  );
  return { playing, play, stop };
}
