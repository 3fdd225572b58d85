import type { CaptureChoice } from '@/lib/client/store';
import { AppError } from '@/lib/core';
import type { CaptureInput } from './ports';

/** One open input. */
export interface OpenInput {
  input: CaptureInput;
  track: MediaStreamTrack;
}

/** A microphone as the browser lists it. */
export interface Microphone {
  id: string;
  /** Empty until the user has allowed a microphone once. */
  label: string;
}

/** The available microphones, without the browser's entry for its default. */
export async function listMicrophones(): Promise<Microphone[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices
    .filter(
      ({ kind, deviceId }) =>
        kind === 'audioinput' && !/^(default|communications)?$/.test(deviceId),
    )
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** Notifies when a device is plugged in or unplugged. @returns unsubscribe */
export function onDevicesChanged(listener: () => void): () => void {
  navigator.mediaDevices?.addEventListener('devicechange', listener);
  return () => navigator.mediaDevices?.removeEventListener('devicechange', listener);
}

/**
 * Opens the chosen inputs, first the one that the user has to pick from a list. If one fails, none stays
 * open.
 * @throws see `OpenCapture`
 */
export async function openInputs(choice: CaptureChoice): Promise<OpenInput[]> {
  if (!navigator.mediaDevices)
    throw new AppError(
      'CAPTURE_UNSUPPORTED',
      'This browser does not let pages capture audio, or not over plain http.',
    );
  const open: OpenInput[] = [];
  try {
    if (choice.source !== 'microphone') open.push(await openDisplay());
    if (choice.source !== 'display') open.push(await openMicrophone(choice));
    return open;
  } catch (error) {
    for (const { track } of open) track.stop();
    throw error;
  }
}

async function openMicrophone(choice: CaptureChoice): Promise<OpenInput> {
  const { echoCancellation, noiseSuppression, deviceId } = choice;
  const wanted: MediaTrackConstraints = {
    echoCancellation,
    noiseSuppression,
    autoGainControl: true,
    channelCount: { ideal: 1 },
  };
  const ask = async (audio: MediaTrackConstraints) => {
    const [track] = (await navigator.mediaDevices.getUserMedia({ audio })).getAudioTracks();
    if (!track) throw new AppError('MIC_NOT_FOUND', 'The browser gave no microphone.');
    return { input: 'microphone' as const, track };
  };
  try {
    if (deviceId === null) return await ask(wanted);
    try {
      return await ask({ ...wanted, deviceId: { exact: deviceId } });
    } catch (error) {
      // the microphone chosen last time is not plugged in
      if (error instanceof DOMException && /^(Overconstrained|NotFound)Error$/.test(error.name))
        return await ask(wanted);
      throw error;
    }
  } catch (error) {
    throw inputError(error, 'microphone');
  }
}

/** Whether this browser can share audio of tabs or of the computer. Those of phones cannot. */
export function canShareAudio(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}

async function openDisplay(): Promise<OpenInput> {
  if (!canShareAudio())
    throw new AppError(
      'CAPTURE_UNSUPPORTED',
      'This browser cannot share audio of tabs or of the computer.',
    );
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      // browsers share nothing without video
      video: true,
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    const [track] = stream.getAudioTracks();
    // the audio continues without the video, which would only cost time
    for (const picture of stream.getVideoTracks()) picture.stop();
    if (!track) throw new AppError('DISPLAY_NO_AUDIO', 'Something was shared without its audio.');
    return { input: 'display', track };
  } catch (error) {
    throw inputError(error, 'display');
  }
}

/** Gives a browser's error its code. */
function inputError(error: unknown, input: CaptureInput): unknown {
  if (!(error instanceof DOMException)) return error;
  const details = { input, reason: error.name };
  const options = { cause: error, details };
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      // closing the browser's picker is a choice, not a failure
      return input === 'display' && !/system/i.test(error.message)
        ? new AppError('ABORTED', 'The user chose nothing to share.', options)
        : new AppError('MIC_DENIED', `The ${input} may not be used.`, options);
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new AppError('MIC_NOT_FOUND', `There is no ${input}.`, options);
    case 'NotReadableError':
    case 'AbortError':
      return new AppError('MIC_BUSY', `The ${input} could not be opened.`, options);
    case 'NotSupportedError':
      return new AppError('CAPTURE_UNSUPPORTED', `No ${input} is supported here.`, options);
    default:
      return error;
  }
}

/** Share of the newest tenth of a second in the average: half a second counts. */
const NEWEST = 0.3;

/** Another input takes over once it is twice as loud (6 dB). */
const TIMES_LOUDER = 2;

/** Nobody speaks below this: -46 dBFS on average. */
const SILENT_BELOW = 0.005;

/** Finds out which of several inputs somebody speaks into. */
export class LoudestInput {
  private readonly averages = new Map<CaptureInput, number>();
  private current: CaptureInput | null = null;

  /**
   * Takes the loudness of each input for the next tenth of a second, as root mean square from 0 to 1.
   * @returns the loudest input when it is another one than before; `null`: no change
   */
  update(loudness: ReadonlyMap<CaptureInput, number>): CaptureInput | null {
    let loudest: CaptureInput | null = null;
    for (const [input, now] of loudness) {
      const before = this.averages.get(input) ?? 0;
      this.averages.set(input, before + (now - before) * NEWEST);
      if (loudest === null || this.of(input) > this.of(loudest)) loudest = input;
    }
    if (loudest === null || loudest === this.current || this.of(loudest) < SILENT_BELOW)
      return null;
    if (this.current && this.of(loudest) < TIMES_LOUDER * this.of(this.current)) return null;
    this.current = loudest;
    return loudest;
  }

  private of(input: CaptureInput): number {
    return this.averages.get(input) ?? 0;
  }
}
