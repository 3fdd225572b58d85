import type { CaptureChoice } from '@/lib/client/store';
import { AppError } from '@/lib/core';
import type { CaptureInput } from './types';

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

/** The microphones there are; the browser's own entry for its default is left out. */
export async function listMicrophones(): Promise<Microphone[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices
    .filter(
      ({ kind, deviceId }) =>
        kind === 'audioinput' && !/^(default|communications)?$/.test(deviceId),
    )
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** Tells when a device is plugged in or out. @returns unsubscribe */
export function onDevicesChanged(listener: () => void): () => void {
  navigator.mediaDevices?.addEventListener('devicechange', listener);
  return () => navigator.mediaDevices?.removeEventListener('devicechange', listener);
}

/**
 * Opens what was chosen, the one that has to be picked from a list first. None stays open when one
 * fails.
 * @throws see `OpenCapture`
 */
export async function openInputs(choice: CaptureChoice): Promise<OpenInput[]> {
  if (!navigator.mediaDevices)
    throw new AppError('BAD_REQUEST', 'This browser gives pages no sound, or not over plain http.');
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
      // the one chosen the last time is not plugged in
      if (error instanceof DOMException && /^(Overconstrained|NotFound)Error$/.test(error.name))
        return await ask(wanted);
      throw error;
    }
  } catch (error) {
    throw inputError(error, 'microphone');
  }
}

async function openDisplay(): Promise<OpenInput> {
  const media = navigator.mediaDevices;
  if (typeof media.getDisplayMedia !== 'function')
    throw new AppError('BAD_REQUEST', 'This browser shares no sound of tabs or of the computer.');
  try {
    const stream = await media.getDisplayMedia({
      // without a picture no browser shares anything
      video: true,
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    const [track] = stream.getAudioTracks();
    // sound goes on without its picture, which would only cost time
    for (const picture of stream.getVideoTracks()) picture.stop();
    if (!track) throw new AppError('DISPLAY_NO_AUDIO', 'Something was shared without its sound.');
    return { input: 'display', track };
  } catch (error) {
    throw inputError(error, 'display');
  }
}

/** Names what the browser says. */
function inputError(error: unknown, input: CaptureInput): unknown {
  if (!(error instanceof DOMException)) return error;
  const details = { input, reason: error.name };
  const options = { cause: error, details };
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      // closing the list of what can be shared is an answer, no failure
      return input === 'display' && !/system/i.test(error.message)
        ? new AppError('ABORTED', 'Nothing was chosen to be shared.', options)
        : new AppError('MIC_DENIED', `The ${input} may not be used.`, options);
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new AppError('MIC_NOT_FOUND', `There is no ${input}.`, options);
    case 'NotReadableError':
    case 'AbortError':
      return new AppError('MIC_BUSY', `The ${input} could not be opened.`, options);
    default:
      return error;
  }
}
