/** Ends of the names of files that hold a transcript. */
export const TRANSCRIPT_EXTENSIONS = ['srt', 'vtt', 'docx', 'json'] as const;

export type TranscriptExtension = (typeof TRANSCRIPT_EXTENSIONS)[number];

/** The end of a name, if it is one of a transcript: nothing else of a file is known yet. */
export function transcriptExtension(name: string): TranscriptExtension | null {
  const extension = name.split('.').pop()?.toLowerCase();
  return TRANSCRIPT_EXTENSIONS.find((known) => known === extension) ?? null;
}
