'use client';

import { useEffect, useRef } from 'react';
import { useTheme } from '@/app/_features/ui';
import { drawWaveform } from '@/lib/client/playback';
import type { Mark } from '@/lib/client/store';
import { formatClock } from '@/lib/core';
import { usePlayback, useTools } from './context';
import { t } from './messages';
import { SKIP_MS } from './playback';
import { tellFollow } from './reader-state';
import { useWaveform } from './use-words';

/** The waveform, played part in colour, and over it the slider that moves the position. */
export function Waveform({ durationMs, marks }: { durationMs: number; marks: readonly Mark[] }) {
  const peaks = useWaveform(durationMs);
  const timeMs = usePlayback((state) => state.timeMs);
  const played = durationMs > 0 ? Math.min(100, (timeMs / durationMs) * 100) : 0;
  return (
    // time runs from left to right, whichever way text does
    <div dir="ltr" className="relative h-12">
      {peaks && (
        <>
          <WaveCanvas peaks={peaks} className="text-line-strong/60" />
          <WaveCanvas
            peaks={peaks}
            className="text-accent"
            clipPath={`inset(0 ${(100 - played).toFixed(3)}% 0 0)`}
          />
        </>
      )}
      {durationMs > 0 &&
        marks.map((mark) => (
          <span
            key={mark.id}
            aria-hidden
            className="absolute inset-y-0 w-0.5 bg-warn"
            style={{ left: `${(Math.min(mark.atMs, durationMs) / durationMs) * 100}%` }}
          />
        ))}
      <Position durationMs={durationMs} timeMs={timeMs} />
    </div>
  );
}

/** Drawn when its peaks, its size or its colours change, never while playing. */
function WaveCanvas(props: { peaks: Uint8Array; className: string; clipPath?: string }) {
  const { peaks, className, clipPath } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours read here
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const scope = new AbortController();
    const draw = () => drawWaveform(element, peaks);
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
  }, [peaks, theme]);

  return (
    <canvas
      ref={canvas}
      aria-hidden
      className={`absolute inset-0 size-full ${className}`}
      style={clipPath === undefined ? undefined : { clipPath }}
    />
  );
}

function Position({ durationMs, timeMs }: { durationMs: number; timeMs: number }) {
  const { playback, reader } = useTools();
  return (
    <input
      type="range"
      aria-label={t('position')}
      aria-valuetext={t('timeOf', { time: formatClock(timeMs), duration: formatClock(durationMs) })}
      min={0}
      max={Math.max(1, durationMs)}
      step={100}
      value={Math.min(timeMs, durationMs)}
      className="wave-slider absolute inset-0 size-full"
      onChange={(event) => {
        tellFollow(reader, 'sought');
        playback.seek(Number(event.target.value));
      }}
      onKeyDown={(event) => {
        // a step of the mouse is too small for keys
        const by = { ArrowLeft: -SKIP_MS, ArrowRight: SKIP_MS }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        playback.skip(by);
      }}
    />
  );
}
