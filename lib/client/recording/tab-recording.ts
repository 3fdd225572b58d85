import { createStore } from 'zustand/vanilla';
import { formatMoment } from '@/app/_features/ui/format';
import { getModelChoice, getModelLibrary } from '@/lib/client/model-library/models';
import { openLiveEngine } from '@/lib/client/recognition/live';
import { onChange } from '@/lib/client/store/changes';
import { currentLibrary } from '@/lib/client/store/current-library';
import { addJobs, listJobs, queueRecording, updateJob } from '@/lib/client/store/jobs';
import { libraryLocks } from '@/lib/client/store/locks';
import { adoptMedia, getMedia } from '@/lib/client/store/media';
import { removeTranscript, updateTranscript } from '@/lib/client/store/transcripts';
import { addCaptureNode } from '@/workers/capture/client';
import { createRecordingFiles } from '@/workers/record/client';
import { findBroken, noteRecording } from './broken-recording';
import { captureWith } from './capture';
import type { RecordingRepository } from './keep';
import type { RecordingFiles } from './parts';
import { startRecorder } from './recorder';
import { recoverRecordings } from './recover';
import { createRecording, NO_RECORDING, type Recording } from './session';
import type { RecordingState } from './types';
import { stayAwake } from './wake-lock';

/** The recording of this tab, and whether this browser can record. */
export interface TabRecording extends Recording {
  /** `insecure`: the page came by plain http; `storage`: private windows of some browsers. */
  support(): Promise<'ok' | 'insecure' | 'browser' | 'storage'>;
}

const repository: RecordingRepository = {
  addRecording: ({ id, title, fileName, mediaType }) =>
    addJobs([
      {
        id,
        title,
        source: { name: fileName, mediaType, sizeBytes: 0, sha256: null },
        media: 'recording',
      },
    ]),
  updateTranscript,
  adoptMedia: (id, name) => adoptMedia(id, { folder: 'recordings', name }),
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

let recording: TabRecording | null = null;
let openFiles: RecordingFiles | null = null;

/** Made once, and not before there is a browser that knows whose library it has open. */
function recordingFiles(): RecordingFiles {
  openFiles ??= createRecordingFiles(currentLibrary());
  return openFiles;
}

/** The recording of this tab; made once. Browser only. */
export function getRecording(): TabRecording {
  recording ??= create();
  return recording;
}

function create(): TabRecording {
  const state = createStore<RecordingState>(() => NO_RECORDING);
  const made = createRecording(
    {
      openCapture: captureWith(addCaptureNode),
      startRecorder,
      files: recordingFiles(),
      openLiveEngine: (signal) => openLiveEngine(getModelLibrary(), getModelChoice(), signal),
      repository,
      locks: libraryLocks(),
      stayAwake,
      nameNow,
    },
    state,
  );
  findBroken();
  state.subscribe(({ phase, id }, before) => {
    if (phase === before.phase) return;
    if (phase === 'recording' && before.phase === 'starting') noteRecording(id);
    if (phase === 'idle') noteRecording(null);
  });
  return { ...made, support };
}

/**
 * Recovers recordings that broke off, here and in tabs that go away while this page is open.
 * @param onRecovered told with the id of each
 */
export function startRecovery(onRecovered: (id: string) => void): () => void {
  const listRecordings = async () => {
    const jobs = await listJobs();
    return jobs
      .filter(({ intent }) => intent === 'recording')
      .map(({ id, fileName, error }) => ({
        id,
        mediaType: fileName.endsWith('.m4a') ? 'audio/mp4' : 'audio/webm',
        failed: error !== null,
      }));
  };
  const onJobs = (listener: () => void) =>
    onChange(({ kind }) => {
      if (kind === 'jobs') listener();
    });
  return recoverRecordings({
    files: recordingFiles(),
    repository: { ...repository, listRecordings, onJobs },
    locks: libraryLocks(),
    onRecovered,
  });
}

async function support(): Promise<'ok' | 'insecure' | 'browser' | 'storage'> {
  if (!globalThis.isSecureContext) return 'insecure';
  const able =
    typeof navigator.mediaDevices?.getUserMedia === 'function' &&
    typeof MediaRecorder === 'function' &&
    typeof AudioWorkletNode === 'function' &&
    'locks' in navigator;
  if (!able) return 'browser';
  try {
    await navigator.storage.getDirectory();
    return 'ok';
  } catch (error) {
    console.warn('There is no private storage', error);
    return 'storage';
  }
}

/**
 * `Recording 23 Nov 2026, 18:05:32`, as dates are written everywhere else, and a file name, without its
 * ending, that sorts by time. Both tell two recordings of one minute apart.
 */
function nameNow(): { title: string; fileName: string } {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, '0');
  const stamp = [
    now.getFullYear(),
    two(now.getMonth() + 1),
    two(now.getDate()),
    two(now.getHours()) + two(now.getMinutes()) + two(now.getSeconds()),
  ].join('-');
  return { title: `Recording ${formatMoment(now.toISOString())}`, fileName: `recording-${stamp}` };
}
