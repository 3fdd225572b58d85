'use client';

import { createContext, type ReactNode, useContext, useState } from 'react';
import { useStore } from 'zustand';
import type { Editor } from '@/lib/client/editing';
import { createDoubts, type Doubts } from './editing/doubts';
import { createPlayback, type Playback, type PlaybackState } from './playback';
import { createReaderState, type ReaderState, type ReaderStore } from './reader-state';
import type { TranscriptSource } from './transcript-source';

/** What the parts of a reader share. */
export interface Tools {
  source: TranscriptSource;
  playback: Playback;
  reader: ReaderStore;
  /** `null`: the text cannot be changed here. */
  editor: Editor | null;
  doubts: Doubts;
}

const ToolsContext = createContext<Tools | null>(null);

/**
 * Provides the parts of a reader with its source, player and reading state.
 * @param source must not change while this is mounted; nor must the editor
 */
export function ReaderTools({
  source,
  editor = null,
  children,
}: {
  source: TranscriptSource;
  editor?: Editor | null;
  children: ReactNode;
}) {
  const [tools] = useState(() => ({
    source,
    editor,
    doubts: createDoubts(source),
    playback: createPlayback(),
    reader: createReaderState(),
  }));
  return <ToolsContext value={tools}>{children}</ToolsContext>;
}

/** The reader's source, player and reading state. */
export function useTools(): Tools {
  const tools = useContext(ToolsContext);
  if (!tools) throw new Error('Used outside a transcript.');
  return tools;
}

/** A part of the reading state. */
export function useReader<T>(select: (state: ReaderState) => T): T {
  return useStore(useTools().reader, select);
}

/** A part of the player's state. */
export function usePlayback<T>(select: (state: PlaybackState) => T): T {
  return useStore(useTools().playback.store, select);
}
