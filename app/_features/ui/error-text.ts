import type { JobError } from '@/lib/client/store';
import type { ErrorCode } from '@/lib/core';
import { noSpeechText } from './no-speech-text';

/** What the user reads about a failure: one sentence each, in plain words. */
export interface ErrorText {
  happened: string;
  /** What to do next; `null` where there is nothing to do. */
  next: string | null;
}

/** One entry for every code: a code without words does not compile. */
const TEXTS: Record<Exclude<ErrorCode, 'NO_SPEECH'>, ErrorText> = {
  SOURCE_EMPTY: {
    happened: 'This file is empty.',
    next: 'Choose it again if it was still being written.',
  },
  SOURCE_UNREADABLE: {
    happened: 'This file could not be read.',
    next: 'Check that it is still there and choose it again.',
  },
  SOURCE_GONE: {
    happened: 'The recording was moved, changed or closed before it was finished.',
    next: 'Choose it again to go on from where it stopped.',
  },
  MIC_DENIED: {
    happened: 'This page may not use the microphone.',
    next: 'Allow it beside the address of the page (and in the settings of the system), then start again.',
  },
  MIC_NOT_FOUND: {
    happened: 'No microphone was found.',
    next: 'Plug one in or choose another input, then start again.',
  },
  MIC_BUSY: {
    happened: 'The microphone could not be opened: another program may be using it.',
    next: 'Close that program or choose another input, then start again.',
  },
  DISPLAY_NO_AUDIO: {
    happened: 'What was shared came without its sound.',
    next: 'Start again, choose a tab or the whole screen, and switch on sharing its audio.',
  },
  DECODE_UNSUPPORTED: {
    happened: 'This is not a recording that can be read.',
    next: 'Try an audio or video file.',
  },
  DECODE_NO_AUDIO: {
    happened: 'This video has no sound.',
    next: null,
  },
  DECODE_EMPTY: {
    happened: 'This file has a header but no sound in it.',
    next: 'If it should hold a recording, copy or export it again.',
  },
  DECODE_INCOMPLETE: {
    happened: 'The file is incomplete: a part that is needed to play it is missing.',
    next: 'Copy or download it again.',
  },
  DECODE_FAILED: {
    happened: 'The sound in this file is damaged and could not be read.',
    next: 'Try again, or use another copy of the file.',
  },
  SEGMENT_FAILED: {
    happened: 'Looking for speech in this recording did not work.',
    next: 'Try again.',
  },
  MODEL_DOWNLOAD_FAILED: {
    happened: 'The speech model could not be loaded.',
    next: 'Check the connection to this site and try again.',
  },
  MODEL_HASH_MISMATCH: {
    happened: 'The speech model is damaged or was altered, so it is not used.',
    next: 'Reload the page and try again; if it stays so, the app must be installed anew.',
  },
  MODEL_UNSUPPORTED: {
    happened: 'This is not a model that the app can run.',
    next: 'It needs the ONNX files of a Whisper, Moonshine or Parakeet model.',
  },
  MODEL_NOT_INSTALLED: {
    happened: 'The speech model that was chosen is no longer on this device.',
    next: 'Download it again under Models, or choose another there; then try again.',
  },
  BACKEND_UNAVAILABLE: {
    happened: 'This browser cannot run the speech model.',
    next: 'Choose Automatic as the backend in Settings, or use a current Chrome, Edge or Firefox.',
  },
  GPU_DEVICE_LOST: {
    happened: 'The graphics processor stopped answering.',
    next: 'Try again; choose WASM in Settings if it happens often.',
  },
  OUT_OF_MEMORY: {
    happened: 'There was not enough memory to go on.',
    next: 'Close other tabs and try again; what is done is kept.',
  },
  RECOGNISE_FAILED: {
    happened: 'Turning the speech into words did not work.',
    next: 'Try again; what is done is kept.',
  },
  WORKER_CRASHED: {
    happened: 'A part of the app stopped unexpectedly.',
    next: 'Try again; what is done is kept.',
  },
  ABORTED: { happened: 'This was stopped.', next: null },
  STORE_QUOTA: {
    happened: 'The storage of this browser is full.',
    next: 'Delete recordings in Settings or free some disk space, then try again; what is done is kept.',
  },
  STORE_BLOCKED: {
    happened: 'Another tab keeps the library closed.',
    next: 'Close the other AI2Text tab and reload this page.',
  },
  STORE_CORRUPT: {
    happened: 'What was stored for this can no longer be read.',
    next: 'Add the file again.',
  },
  STORE_FAILED: {
    happened: 'The browser could not store or read the library.',
    next: 'Try again; private windows of some browsers do not allow it.',
  },
  RECORDING_UNDER_WAY: {
    happened: 'A recording is under way, and it belongs to this library.',
    next: 'Stop it first; it is saved then.',
  },
  COPY_UNDER_WAY: {
    happened: 'A file is still being copied into this browser.',
    next: 'Wait until that is done, or remove the file from the queue.',
  },
  SHARE_LINK_INVALID: {
    happened: 'This link is not complete.',
    next: 'Copy the whole of it, to the last letter, and open it again.',
  },
  SHARE_DECRYPT_FAILED: {
    happened: 'What is behind this link is damaged or was changed.',
    next: 'Ask for a new link.',
  },
  SHARE_TOO_NEW: {
    happened: 'This was made by a newer version of AI2Text than this page.',
    next: 'Reload the page; if that does not help, ask whoever runs this server to update it.',
  },
  SHARE_TOO_LARGE: {
    happened: 'This transcript is too large to be opened in a browser.',
    next: 'Ask whoever shared it to share it in smaller parts.',
  },
  SYNC_CONFLICT: {
    happened: 'Another device changed this at the same moment.',
    next: 'Look at it again and repeat your change if it is still needed.',
  },
  UNAUTHENTICATED: {
    happened: 'You are not signed in.',
    next: 'Sign in and try again.',
  },
  FORBIDDEN: { happened: 'You are not allowed to do this.', next: null },
  NOT_FOUND: { happened: 'This is no longer here.', next: null },
  BAD_REQUEST: { happened: 'This cannot be done with this recording.', next: null },
  TOO_LARGE: {
    happened: 'This is larger than the server takes.',
    next: 'Leave out the audio, or share a shorter recording.',
  },
  RATE_LIMITED: {
    happened: 'This was tried too often.',
    next: 'Wait a few minutes, then try again.',
  },
  SERVER_BUSY: {
    happened: 'The server cannot do this at the moment.',
    next: 'Try again in a minute.',
  },
  CONNECTION_SLOW: {
    happened: 'The connection to the server is too slow, or came to a standstill.',
    next: 'Try again where the connection is better.',
  },
  OFFLINE: {
    happened: 'There is no connection.',
    next: 'Try again once it is back.',
  },
  UNKNOWN: {
    happened: 'Something went wrong that we did not foresee.',
    next: 'Try again; if it stays so, copy the report and send it to us.',
  },
};

/** The words for a failure; `details` as stored with a job, where they say more. */
export function errorText(code: ErrorCode, details: JobError['details'] = {}): ErrorText {
  return code === 'NO_SPEECH' ? noSpeechText(details) : TEXTS[code];
}

/** What happened and what to do as running text. */
export function errorSentence(code: ErrorCode, details: JobError['details'] = {}): string {
  const { happened, next } = errorText(code, details);
  return next === null ? happened : `${happened} ${next}`;
}
