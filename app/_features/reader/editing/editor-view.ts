import type { QueryClient } from '@tanstack/react-query';
import { pageOfRow, queryKeys, showPatch } from '@/app/_features/app';
import type { EditorView } from '@/lib/client/editing';
import type { SegmentRecord, TranscriptRecord } from '@/lib/client/store';
import type { WordsOfRows } from '../transcript-source';

const NO_ROWS: SegmentRecord[] = [];

/** What the page has read of a transcript, for its editor. */
export function editorView(client: QueryClient, id: string): EditorView {
  return {
    rows: () => client.getQueryData<SegmentRecord[]>(queryKeys.segments(id)) ?? NO_ROWS,
    wordsOf: (index) =>
      client.getQueryData<WordsOfRows>(queryKeys.words(id, pageOfRow(index)))?.get(index),
    speakers: () => client.getQueryData<TranscriptRecord>(queryKeys.transcript(id))?.speakers ?? [],
    show: (patch) => showPatch(client, id, patch),
  };
}
