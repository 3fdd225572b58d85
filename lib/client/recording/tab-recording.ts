import {
  addJobs,
  adoptMedia,
  getMedia,
  type Locks,
  listJobs,
  listTranscripts,
  onChange,
  queueRecording,
  removeTranscript,
  updateJob,
  updateTranscript,
} from '@/lib/client/store';
import { isPrivateSession } from '@/lib/core';
import { type AddCaptureNode, captureWith } from './capture';
import type { LiveEngine, RecordingFiles } from './ports';
import { Recording } from './recording';
import { startRecorder } from './recording-session';
import {
  findBrokenRecording,
  type RecordingRepository,
  recoverRecordings,
  rememberRecording,
} from './recover';

const repository: RecordingRepository = {
  addRecording: ({ id, title, fileName, mediaType, speakers }) =>
    addJobs([
      {
        id,
        title,
        source: { name: fileName, mediaType, sizeBytes: 0, sha256: null },
        media: 'recording',
        ...(speakers && { speakers }),
      },
    ]),
  updateTranscript,
  adoptMedia: (id, file) => adoptMedia(id, { folder: 'recordings', file }),
  hasMedia: async (id) => {
    const file = await getMedia(id);
    return file && { sizeBytes: file.size };
  },
  queueRecording,
  failRecording: async (id, { code, message, details }) => {
    await updateJob(id, (job) =>
      job.intent === 'recording' ? { error: { code, message, details } } : null,
    );
  },
  discard: removeTranscript,
};

/** What the recording of a tab is given. */
export interface TabRecordingDependencies {
  openLiveEngine(signal: AbortSignal): Promise<LiveEngine>;
  addCaptureNode: AddCaptureNode;
  files: RecordingFiles;
  locks: Locks;
  /** Keeps the screen on until the returned function is called; rejects where that is not possible. */
  stayAwake(): Promise<() => void>;
  /** The title of a recording that starts now, and who speaks in the microphone and in the display. */
  namesNow(): { title: string; speakers: string[] };
}

/** Creates the recording of this tab. Browser only. */
export function createTabRecording({
  openLiveEngine,
  addCaptureNode,
  files,
  locks,
  stayAwake,
  namesNow,
}: TabRecordingDependencies): Recording {
  const recording = new Recording({
    openCapture: captureWith(addCaptureNode),
    startRecorder,
    files,
    openLiveEngine,
    repository,
    locks,
    stayAwake,
    nameNow: () => ({ ...namesNow(), fileName: fileNameNow() }),
  });
  findBrokenRecording();
  recording.state.subscribe(({ phase, id }, before) => {
    // after a reload of a private session there is nothing to come back to
    if (phase === before.phase || isPrivateSession()) return;
    if (phase === 'recording' && before.phase === 'starting') rememberRecording(id);
    if (phase === 'idle') rememberRecording(null);
  });
  return recording;
}

/**
 * Recovers interrupted recordings, those of this tab and those of tabs that go away while this page is open.
 * @param onRecovered called with the id of each
 */
export function startRecovery(
  { files, locks }: Pick<TabRecordingDependencies, 'files' | 'locks'>,
  onRecovered: (id: string) => void,
): () => void {
  const listRecordings = async () => {
    const [jobs, transcripts] = await Promise.all([listJobs(), listTranscripts()]);
    const mediaTypes = new Map(transcripts.map(({ id, source }) => [id, source.mediaType]));
    return jobs
      .filter(({ intent }) => intent === 'recording')
      .map(({ id, error }) => ({
        id,
        mediaType: mediaTypes.get(id) ?? 'audio/webm',
        failed: error !== null,
      }));
  };
  const onJobs = (listener: () => void) =>
    onChange(({ kind }) => {
      if (kind === 'jobs') listener();
    });
  return recoverRecordings({
    files,
    repository: { ...repository, listRecordings, onJobs },
    locks,
    onRecovered,
  });
}

/**
 * Whether this browser can record. `insecure`: the page came by plain http; `storage`: there is no private
 * storage, as in private windows of some browsers. A private session records into memory.
 */
export async function recordingSupport(): Promise<'ok' | 'insecure' | 'browser' | 'storage'> {
  if (!globalThis.isSecureContext) return 'insecure';
  const able =
    typeof navigator.mediaDevices?.getUserMedia === 'function' &&
    typeof MediaRecorder === 'function' &&
    typeof AudioWorkletNode === 'function' &&
    'locks' in navigator;
  if (!able) return 'browser';
  if (isPrivateSession()) return 'ok';
  try {
    await navigator.storage.getDirectory();
    return 'ok';
  } catch (error) {
    console.warn('There is no private storage', error);
    return 'storage';
  }
}

/** A file name without its extension: sorts by time, to the second. */
function fileNameNow(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, '0');
  const stamp = [
    now.getFullYear(),
    two(now.getMonth() + 1),
    two(now.getDate()),
    two(now.getHours()) + two(now.getMinutes()) + two(now.getSeconds()),
  ].join('-');
  return `recording-${stamp}`;
}
