'use client';

import {
  BookmarkPlus,
  Gauge,
  ListVideo,
  LoaderCircle,
  Pause,
  Play,
  RotateCcw,
  RotateCw,
} from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { formatSpeed, IconButton, Select } from '@/app/_features/ui';
import type { Mark, SegmentRecord } from '@/lib/client/store';
import { formatClock } from '@/lib/core';
import { setBookmark } from './bookmarks';
import { usePlayback, useReader, useTools } from './context';
import { t } from './messages';
import { RATES, SKIP_MS } from './playback';
import { updateFollow } from './reader-state';
import { WaveBorders } from './wave-borders';
import { createWaveState } from './wave-state';
import { Waveform } from './waveform';

/** The player at the foot of the window. */
export function PlayerBar({
  durationMs,
  marks,
  segments,
}: {
  durationMs: number;
  marks: readonly Mark[];
  segments: readonly SegmentRecord[];
}) {
  const { playback } = useTools();
  const [wave] = useState(createWaveState);
  const isTall = useStore(wave, ({ view, selection }) => view !== null || selection !== null);
  return (
    <section
      aria-label={t('player')}
      data-dock={isTall ? 'tall' : ''}
      className="fixed inset-x-0 bottom-0 z-30 border-line border-t bg-surface pb-[env(safe-area-inset-bottom)]"
    >
      <div className="mx-auto w-full max-w-4xl px-4 py-2 sm:px-6">
        <Waveform durationMs={durationMs} marks={marks} wave={wave}>
          <WaveBorders wave={wave} segments={segments} durationMs={durationMs} />
        </Waveform>
        <div className="mt-1 flex items-center gap-0.5 sm:gap-2">
          <IconButton label={t('back')} onClick={() => playback.skip(-SKIP_MS)}>
            <RotateCcw aria-hidden size={20} />
          </IconButton>
          <PlayButton />
          <IconButton label={t('forward')} onClick={() => playback.skip(SKIP_MS)}>
            <RotateCw aria-hidden size={20} />
          </IconButton>
          <Clock durationMs={durationMs} />
          <div className="ms-auto flex items-center gap-0.5 sm:gap-1">
            <BookmarkButton />
            <FollowButton />
            <SpeedChoice />
          </div>
        </div>
      </div>
    </section>
  );
}

/** Plays and pauses. While it waits for the recording, it can be pressed to wait no longer. */
function PlayButton() {
  const { playback } = useTools();
  const playing = usePlayback((state) => state.playing);
  const willPlay = usePlayback((state) => state.willPlay);
  return (
    <IconButton
      label={playing || willPlay ? t('pausePlayback') : t('play')}
      {...(willPlay && { title: t('willPlay') })}
      tone="primary"
      round
      onClick={() => playback.toggle()}
    >
      {willPlay ? (
        <LoaderCircle aria-hidden size={20} className="motion-safe:animate-spin" />
      ) : playing ? (
        <Pause aria-hidden size={20} fill="currentColor" />
      ) : (
        <Play aria-hidden size={20} fill="currentColor" className="ms-0.5" />
      )}
    </IconButton>
  );
}

function Clock({ durationMs }: { durationMs: number }) {
  const seconds = usePlayback((state) => Math.floor(state.timeMs / 1000));
  return (
    <p className="whitespace-nowrap px-1 text-sm tabular-nums">
      {formatClock(seconds * 1000)}
      <span className="text-muted max-[24rem]:hidden"> / {formatClock(durationMs)}</span>
    </p>
  );
}

function BookmarkButton() {
  const { source, playback, editor } = useTools();
  if (!editor) return null;
  return (
    <IconButton
      label={t('setBookmark')}
      onClick={() => void setBookmark(source.id, playback.nowMs())}
    >
      <BookmarkPlus aria-hidden size={20} />
    </IconButton>
  );
}

/** Whether the text keeps up with the sound. */
function FollowButton() {
  const { source, reader } = useTools();
  const enabled = useReader((state) => state.follow.enabled);
  return (
    <IconButton
      label={t('followAlong')}
      aria-pressed={enabled}
      tone={enabled ? 'link' : 'quiet'}
      className={enabled ? 'bg-accent-soft' : ''}
      onClick={() => {
        updateFollow(reader, enabled ? 'disable' : 'enable');
        source.keep({ followAlong: !enabled });
      }}
    >
      <ListVideo aria-hidden size={20} />
    </IconButton>
  );
}

function SpeedChoice() {
  const { source, playback } = useTools();
  const rate = usePlayback((state) => state.rate);
  return (
    <label className="inline-flex items-center gap-1.5 text-muted text-sm">
      <Gauge aria-hidden size={18} className="max-sm:hidden" />
      <Select
        aria-label={t('speed')}
        value={rate}
        onChange={(event) => {
          const chosen = Number(event.target.value);
          playback.setRate(chosen);
          source.keep({ playbackRate: chosen });
        }}
        className="px-2 text-ink tabular-nums max-sm:px-1"
      >
        {RATES.map((one) => (
          <option key={one} value={one}>
            {formatSpeed(one)}
          </option>
        ))}
      </Select>
    </label>
  );
}
