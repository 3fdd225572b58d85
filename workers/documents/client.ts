import { isAbort, WorkSlices } from '@/lib/core';
import { createClient, type WorkerLike } from '@/lib/engine/rpc';
import type { CueProblem, ExportLabels, ExportOptions, FormatId } from '@/lib/export';
import type { Transcript, TranscriptSegment } from '@/lib/transcript';
import type { DocumentsApi } from './protocol';

/** A transcript from which files are made. */
export interface OpenDocument {
  /**
   * One file, or a ZIP archive of several.
   * @throws AppError STORE_CORRUPT, WORKER_CRASHED
   */
  write(formats: FormatId[], options: ExportOptions, labels: ExportLabels): Promise<Blob>;
  /** The beginning of a file; `null` where it is not text. */
  preview(format: FormatId, options: ExportOptions, labels: ExportLabels): Promise<string | null>;
  /** How many cues the subtitles have, and what they break of their rules. */
  lint(
    format: 'srt' | 'vtt',
    options: ExportOptions,
  ): Promise<{ cues: number; problems: CueProblem[] }>;
  close(): Promise<void>;
}

/** Writes and reads documents without holding up the page. */
export interface Documents {
  open(transcript: Transcript): Promise<OpenDocument>;
  /**
   * Reads a file of another program, or our own JSON.
   * @throws AppError SOURCE_EMPTY, SOURCE_UNREADABLE, WORKER_CRASHED
   */
  read(file: File): Promise<Transcript>;
  /** Ends the worker; calls that wait, and later ones, reject with `ABORTED`. */
  dispose(): void;
}

/** This many segments travel at once: copying them takes a few milliseconds. */
const BLOCK = 50;

/**
 * Documents in a worker of their own, which starts with the first one: the libraries that it needs are no
 * part of the page.
 * @param spawn makes the worker; tests give one that they can break
 */
export function createDocuments(
  spawn: () => WorkerLike = () =>
    new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
): Documents {
  const client = createClient<DocumentsApi>(spawn, { name: 'documents' });
  // ids are made here: a restarted worker must not know the documents of its predecessor
  let nextId = 1;
  const close = async (documentId: number) => {
    try {
      await client.call('close', { documentId });
    } catch (error) {
      // the worker has ended, and the document with it
      if (!isAbort(error)) throw error;
    }
  };
  return {
    async open(transcript) {
      const documentId = nextId++;
      const { segments, ...head } = transcript;
      await client.call('begin', { documentId, head });
      const slices = new WorkSlices();
      for (let at = 0; at < segments.length; at += BLOCK) {
        await client.call('add', { documentId, segments: segments.slice(at, at + BLOCK) });
        if (slices.isOver) await slices.pause();
      }
      return {
        write: (formats, options, labels) =>
          client.call('write', { documentId, formats, options, labels }),
        preview: (format, options, labels) =>
          client.call('preview', { documentId, format, options, labels }),
        lint: (format, options) => client.call('lint', { documentId, format, options }),
        close: () => close(documentId),
      };
    },
    async read(file) {
      const documentId = nextId++;
      const { head, segments: count } = await client.call('read', { documentId, file });
      const segments: TranscriptSegment[] = [];
      const slices = new WorkSlices();
      for (let from = 0; from < count; from += BLOCK) {
        segments.push(...(await client.call('take', { documentId, from, to: from + BLOCK })));
        if (slices.isOver) await slices.pause();
      }
      await close(documentId);
      return { ...head, segments };
    },
    dispose: () => client.dispose(),
  };
}
