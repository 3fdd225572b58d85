import { AppError, toAppError } from '@/lib/core';
import { serve } from '@/lib/engine/rpc';
import { packFiles } from '@/lib/export/archive';
import { lintCues } from '@/lib/export/cues';
import { srtCues, vttCues } from '@/lib/export/subtitles';
import { writeExport } from '@/lib/export/write';
import { readTranscriptFile } from '@/lib/import/read-file';
import type { Transcript } from '@/lib/transcript';
import type { DocumentsApi } from './protocol';

/** A preview shows this many segments, and this many characters of what is made of them. */
const PREVIEW_SEGMENTS = 12;
const PREVIEW_CHARACTERS = 3000;

const documents = new Map<number, Transcript>();

function documentOf(documentId: number): Transcript {
  const document = documents.get(documentId);
  // begun in a worker that has crashed since, between two calls
  if (!document)
    throw new AppError('WORKER_CRASHED', `Document ${documentId} is gone.`, { fatal: true });
  return document;
}

serve<DocumentsApi>(self, {
  async begin({ documentId, head }) {
    documents.set(documentId, { ...head, segments: [] });
    return null;
  },
  async add({ documentId, segments }) {
    const document = documentOf(documentId);
    for (const segment of segments) document.segments.push(segment);
    return null;
  },
  async write({ documentId, formats, options, labels }) {
    try {
      return await packFiles(documentOf(documentId), formats, options, labels);
    } catch (error) {
      throw toAppError(error);
    }
  },
  async preview({ documentId, format, options, labels }) {
    if (format === 'docx') return null;
    const document = documentOf(documentId);
    const beginning = { ...document, segments: document.segments.slice(0, PREVIEW_SEGMENTS) };
    const content = await writeExport(format, beginning, options, labels);
    return typeof content === 'string' ? content.slice(0, PREVIEW_CHARACTERS) : null;
  },
  async lint({ documentId, format, options }) {
    const cues = (format === 'srt' ? srtCues : vttCues)(documentOf(documentId), options);
    return { cues: cues.length, problems: lintCues(cues, options.subtitles) };
  },
  async read({ documentId, file }) {
    const transcript = await readTranscriptFile(file);
    documents.set(documentId, transcript);
    const { segments, ...head } = transcript;
    return { head, segments: segments.length };
  },
  async take({ documentId, from, to }) {
    return documentOf(documentId).segments.slice(from, to);
  },
  async close({ documentId }) {
    documents.delete(documentId);
    return null;
  },
});
