'use client';

import { useState } from 'react';
import { useStore } from 'zustand';
import type { SegmentRecord } from '@/lib/client/store';
import { useReader, useTools } from './context';
import { type Border, borderNear, moveBorderTo, wordsAround } from './editing/commands';
import type { TimeRange } from './playback';
import { msAt, shareAt, visiblePart, type WaveStore } from './wave-state';

/** Borders are drawn while no more than this is visible, in ms: else they would lie too close to drag. */
const VISIBLE_UP_TO_MS = 120_000;

interface Props {
  wave: WaveStore;
  segments: readonly SegmentRecord[];
  durationMs: number;
}

/** The borders between segments, over a magnified waveform, while the text is edited. */
export function WaveBorders({ wave, segments, durationMs }: Props) {
  const { editor } = useTools();
  const editing = useReader((state) => state.editing);
  useStore(wave, (state) => state.view);
  const view = visiblePart(wave.getState(), durationMs);
  if (!editor || !editing || view.toMs - view.fromMs > VISIBLE_UP_TO_MS) return null;
  return bordersIn(segments, view).map((border) => (
    <Handle key={border.row.id} border={border} view={view} />
  ));
}

/** The borders within a part of the recording. */
function bordersIn(segments: readonly SegmentRecord[], view: TimeRange): Border[] {
  const borders: Border[] = [];
  for (const [at, row] of segments.entries()) {
    const before = segments[at - 1];
    if (before && row.startMs > view.fromMs && row.startMs < view.toMs)
      borders.push({ before, row });
  }
  return borders;
}

/** A border that is dragged from word to word. Its keys are those of the text. */
function Handle({ border, view }: { border: Border; view: TimeRange }) {
  const { editor } = useTools();
  const [draggedMs, setDraggedMs] = useState<number | null>(null);
  if (!editor) return null;
  const near = (element: HTMLElement, clientX: number) => {
    const box = element.parentElement?.getBoundingClientRect();
    if (!box) return null;
    const ms = msAt(view, (clientX - box.left) / box.width);
    return borderNear(wordsAround(editor, border).flat(), ms);
  };
  return (
    <span
      aria-hidden
      data-border
      className="group absolute inset-y-0 -ml-1.5 w-3 cursor-col-resize touch-none"
      style={{ left: `${(shareAt(view, draggedMs ?? border.row.startMs) * 100).toFixed(3)}%` }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDraggedMs(border.row.startMs);
      }}
      onPointerMove={({ currentTarget, clientX }) => {
        if (draggedMs !== null) setDraggedMs(near(currentTarget, clientX) ?? draggedMs);
      }}
      onPointerUp={() => {
        if (draggedMs !== null && draggedMs !== border.row.startMs)
          moveBorderTo(editor, border, draggedMs);
        setDraggedMs(null);
      }}
      onPointerCancel={() => setDraggedMs(null)}
    >
      <span className="mx-auto block h-full w-px border-ink border-l border-dashed" />
      <span className="absolute inset-x-0.5 top-0 h-2 rounded-b-sm bg-ink group-hover:h-3" />
    </span>
  );
}
