/** Ends of the names of files that hold a transcript. */
export const TRANSCRIPT_EXTENSIONS = ['srt', 'vtt', 'docx', 'json'] as const;

export type TranscriptExtension = (typeof TRANSCRIPT_EXTENSIONS)[number];

/** The end of a name, if it is one of a transcript. */
export function transcriptExtension(name: string): TranscriptExtension | null {
  const extension = name.split('.').pop()?.toLowerCase();
  return TRANSCRIPT_EXTENSIONS.find((known) => known === extension) ?? null;
}

/** Whether a file is to be read as a transcript, by its name: nothing else of it is known yet. */
export function isTranscriptFile({ name }: Pick<File, 'name'>): boolean {
  return transcriptExtension(name) !== null;
}
