'use client';

import { createContext, type ReactNode, useContext, useState } from 'react';
import { useStore } from 'zustand';
import { createPlayback, type Playback, type PlaybackState } from './playback';
import { createReader, type ReaderState, type ReaderStore } from './reader';
import type { TranscriptData } from './transcript-data';

interface Tools {
  data: TranscriptData;
  playback: Playback;
  reader: ReaderStore;
}

const ToolsContext = createContext<Tools | null>(null);

/**
 * Gives the parts of one transcript's page their data, their player and their reading state.
 * @param data the same for as long as this is mounted
 */
export function TranscriptTools({ data, children }: { data: TranscriptData; children: ReactNode }) {
  const [tools] = useState(() => ({ data, playback: createPlayback(), reader: createReader() }));
  return <ToolsContext value={tools}>{children}</ToolsContext>;
}

/** The page's data, player and reading state. */
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
