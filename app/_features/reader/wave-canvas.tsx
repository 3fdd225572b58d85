'use client';

import { useEffect, useRef } from 'react';
import { useTheme } from '@/app/_features/ui';
import { drawWaveform } from '@/lib/client/playback';
import type { TimeRange } from './playback';

/** A part of the waveform. Drawn when the part, its size or its colours change, never while playing. */
export function WaveCanvas({
  peaks,
  view: { fromMs, toMs },
  durationMs,
  className,
  clipPath,
}: {
  peaks: Uint8Array;
  view: TimeRange;
  durationMs: number;
  className: string;
  clipPath?: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours read here
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const scope = new AbortController();
    const part =
      durationMs > 0 ? { from: fromMs / durationMs, to: toMs / durationMs } : { from: 0, to: 1 };
    const draw = () => drawWaveform(element, peaks, part);
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw, {
      signal: scope.signal,
    });
    draw();
    return () => {
      observer.disconnect();
      scope.abort();
    };
  }, [peaks, theme, fromMs, toMs, durationMs]);

  return (
    <canvas
      ref={canvas}
      aria-hidden
      className={`absolute inset-0 size-full ${className}`}
      style={clipPath === undefined ? undefined : { clipPath }}
    />
  );
}
