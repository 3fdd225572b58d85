import { type Aligner, CueTimer } from '@/lib/client/editing';
import {
  addJobs,
  askToPersist,
  getJob,
  importTranscript,
  jobs,
  listJobs,
  type PeaksRecord,
  secondPass,
  transcribeAgain,
  updateJob,
  updateTranscript,
} from '@/lib/client/store';
import { AppError, bareName, newId } from '@/lib/core';
import { bundleFiles, type DecodeNotice, type MediaInfo, SAMPLES_PER_MS } from '@/lib/engine/audio';
import type { Decoder, JobOptions } from '@/lib/engine/pipeline';
import type { SourceInfo } from '@/lib/transcript';
import type { JobCommands } from './job-store';
import { tracksOf } from './run-job';
import type { Runner } from './runner';
import type { SourceRegistry } from './source-registry';

function sourceOf(file: File): SourceInfo {
  return {
    name: file.name,
    mediaType: file.type || 'application/octet-stream',
    sizeBytes: file.size,
    sha256: null,
  };
}

function protectStorage(): void {
  // not awaited: some browsers ask the user
  askToPersist().catch((error: unknown) => console.warn('Storage is not protected', error));
}

interface CommandDependencies {
  sources: SourceRegistry;
  runner(): Runner;
  /** Reads recordings that are not transcribed. */
  decoder: Decoder;
  createAligner(): Aligner;
  /** What the user has chosen for recognition, as it is now. */
  getJobOptions(): Promise<JobOptions>;
}

/** The user's commands: each is one change in the store, which the runner then follows. */
export function createCommands({
  sources,
  runner,
  decoder,
  createAligner,
  getJobOptions,
}: CommandDependencies): JobCommands {
  const canKeep = () => typeof navigator.storage?.getDirectory === 'function';
  const queue = async (
    added: { id: string; file: File; title: string; speakers?: string[] }[],
  ): Promise<void> => {
    if (added.length === 0) return;
    const keep = canKeep();
    await addJobs(
      added.map(({ file, ...job }) => ({
        ...job,
        source: sourceOf(file),
        media: keep ? 'copying' : 'none',
      })),
    );
    for (const { id, file } of added) sources.add(id, file, keep);
    runner().wake();
    protectStorage();
  };
  return {
    async add(files, ids = []) {
      const added = files.map((file, at) => ({ id: ids[at] ?? newId(), file }));
      await queue(added.map(({ id, file }) => ({ id, file, title: bareName(file.name) })));
      return added;
    },
    async addWithText(file, transcript, { hasCues, onProgress }) {
      const aligner = hasCues ? createAligner() : null;
      const timer = aligner && new CueTimer(transcript.segments, transcript.language, aligner);
      const { info, durationMs, notices, peaks } = await readSound(decoder, file, {
        onProgress,
        onSound: timer ? (chunk) => timer.take(chunk) : undefined,
      }).catch((error: unknown) => {
        aligner?.dispose();
        throw error;
      });
      const timed = await timer?.end();
      aligner?.dispose();
      const keep = canKeep();
      const id = await importTranscript(
        {
          ...transcript,
          ...timed,
          durationMs: Math.max(durationMs, transcript.durationMs),
          source: { ...sourceOf(file), mediaType: info.mediaType },
        },
        peaks,
        {
          media: keep ? 'copying' : 'none',
          hasVideo: info.hasVideo,
          notices,
          ...tracksOf(info, false),
        },
      );
      if (keep) sources.add(id, file, keep);
      protectStorage();
      return id;
    },
    async addAsOne(parts) {
      const title = parts.map(({ file }) => bareName(file.name)).join(' + ');
      const bundle = bundleFiles(parts.map((part) => ({ ...part, name: part.file.name })));
      const file = new File([bundle], `${title}.tar`, { type: bundle.type });
      await queue([{ id: newId(), file, title, speakers: parts.map(({ speaker }) => speaker) }]);
    },
    async pause(id) {
      await updateJob(id, (job) => (job.intent === 'queued' ? { intent: 'paused' } : null));
    },
    async resume(id) {
      await updateJob(id, (job) => (job.intent === 'paused' ? { intent: 'queued' } : null));
    },
    stopSecondPass: (id) => secondPass.stopSecondPass(id, null),
    async resumeSecondPass(id) {
      if (!(await sources.get(id)))
        throw new AppError('SOURCE_GONE', 'The recording is not kept in this browser.');
      await secondPass.resumeSecondPass(id);
      runner().clearFailure(id);
    },
    async transcribeAgain(id) {
      if (!(await sources.get(id)))
        throw new AppError('SOURCE_GONE', 'The recording is not kept in this browser.');
      await transcribeAgain(id, await getJobOptions());
      runner().wake();
    },
    async retry(id, file) {
      const job = await getJob(id);
      if (!job) return;
      if (job.intent === 'recording') {
        // recovery sees the change and tries again
        await updateJob(id, () => ({ error: null }));
        return;
      }
      if (file) {
        if (file.size !== job.sizeBytes)
          throw new AppError('BAD_REQUEST', 'The chosen file is not the one the job began with.', {
            details: { expectedBytes: job.sizeBytes, chosenBytes: file.size },
          });
        const keep = canKeep();
        await updateTranscript(id, { media: keep ? 'copying' : 'none' });
        sources.add(id, file, keep);
      }
      await updateJob(id, () => ({ intent: 'queued', error: null }));
      runner().clearFailure(id);
    },
    async transcribeTrack(id, track) {
      if (!(await sources.get(id)))
        throw new AppError('SOURCE_GONE', 'The recording is not kept in this browser.');
      await jobs.restartJob(id, { audioTrack: track, isTrackGiven: true });
      runner().clearFailure(id);
    },
    async transcribeTracks(id, speakers) {
      if (!(await sources.get(id)))
        throw new AppError('SOURCE_GONE', 'The recording is not kept in this browser.');
      await jobs.restartJob(id, { speakers });
      runner().clearFailure(id);
    },
    async move(id, by) {
      const ids = (await listJobs()).filter((job) => job.intent !== 'done').map((job) => job.id);
      const from = ids.indexOf(id);
      const to = from + by;
      if (from < 0 || to < 0 || to >= ids.length) return;
      ids.splice(to, 0, ...ids.splice(from, 1));
      await jobs.orderJobs(ids);
    },
  };
}

/** What is known of a recording once all of it has been decoded. */
interface ReadSound {
  info: MediaInfo;
  durationMs: number;
  notices: DecodeNotice[];
  /** Its waveform. */
  peaks: Pick<PeaksRecord, 'firstPeak' | 'peaks'>[];
}

interface Options {
  signal?: AbortSignal | undefined;
  /** How much of it is read, 0 to 1; not called where its length is unknown. */
  onProgress?: ((share: number) => void) | undefined;
  /** Gets all of the sound, in order; the next is read when it is done. */
  onSound?: ((chunk: { startSample: number; pcm: Float32Array }) => Promise<void>) | undefined;
}

/**
 * Decodes a whole recording for its length and its waveform.
 * @throws those of decoding, ABORTED
 */
async function readSound(
  decoder: Decoder,
  file: Blob,
  { signal, onProgress, onSound }: Options = {},
): Promise<ReadSound> {
  const session = await decoder.open(file, { startSample: 0, ...(signal && { signal }) });
  try {
    const expectedMs = session.info.durationMs ?? 0;
    const peaks: ReadSound['peaks'] = [];
    let samples = 0;
    for (;;) {
      const chunk = await session.read(signal);
      if (!chunk) break;
      samples = chunk.startSample + chunk.pcm.length;
      const { firstPeak, values } = chunk.peaks;
      if (values.length > 0) peaks.push({ firstPeak, peaks: values });
      await onSound?.(chunk);
      if (expectedMs > 0) onProgress?.(Math.min(1, samples / SAMPLES_PER_MS / expectedMs));
    }
    const durationMs = Math.round(samples / SAMPLES_PER_MS);
    return { info: session.info, durationMs, notices: [...session.notices], peaks };
  } finally {
    await session.close();
  }
}
