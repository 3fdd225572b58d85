import { describe, expect, it } from 'vitest';
import { type CapturedPiece, captureWith } from '@/lib/client/recording/capture';
import type { InputLevels } from '@/lib/client/recording/ports';
import type { CaptureChoice } from '@/lib/client/store/capture-records';
import { addCaptureNode } from './client';

const MICROPHONE: CaptureChoice = {
  source: 'microphone',
  deviceId: null,
  echoCancellation: false,
  noiseSuppression: false,
};

/** What the worklet makes of a signal at a rate of its own. */
async function throughWorklet(rateHz: number, seconds: number, signal: (s: number) => number) {
  const context = new OfflineAudioContext(1, rateHz * seconds, rateHz);
  await context.audioWorklet.addModule(new URL('./capture.worklet.js', import.meta.url));
  const node = new AudioWorkletNode(context, 'ai2text-capture', { numberOfOutputs: 1 });
  const pieces: CapturedPiece[] = [];
  node.port.onmessage = ({ data }: MessageEvent<CapturedPiece>) => pieces.push(data);
  node.port.postMessage('resume');
  const buffer = context.createBuffer(1, rateHz * seconds, rateHz);
  const samples = buffer.getChannelData(0);
  for (let i = 0; i < samples.length; i++) samples[i] = signal(i / rateHz);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(node).connect(context.destination);
  source.start();
  await new Promise((resolve) => setTimeout(resolve, 50)); // the message above arrives first
  await context.startRendering();
  await expect.poll(() => pieces.length).toBeGreaterThanOrEqual(10 * seconds - 1);
  const pcm = new Float32Array(pieces.length * 1600);
  for (const piece of pieces) pcm.set(piece.pcm, piece.startSample);
  return { pcm, pieces };
}

/** Power of a tone in a signal at 16 kHz, as its amplitude. */
function amplitudeAt(pcm: Float32Array, hz: number): number {
  let real = 0;
  let imaginary = 0;
  for (let i = 0; i < pcm.length; i++) {
    const angle = (2 * Math.PI * hz * i) / 16_000;
    real += (pcm[i] ?? 0) * Math.cos(angle);
    imaginary += (pcm[i] ?? 0) * Math.sin(angle);
  }
  return (2 * Math.hypot(real, imaginary)) / pcm.length;
}

const rms = (pcm: Float32Array) =>
  Math.sqrt(pcm.reduce((sum, sample) => sum + sample * sample, 0) / pcm.length);

describe('the capture worklet', () => {
  it.each([48_000, 44_100, 96_000, 16_000, 8_000])(
    'keeps a tone of 1 kHz from %i Hz, and its length',
    async (rateHz) => {
      const { pcm, pieces } = await throughWorklet(
        rateHz,
        2,
        (s) => 0.5 * Math.sin(2000 * Math.PI * s),
      );
      expect(pieces.map(({ startSample }) => startSample)).toEqual(pieces.map((_, i) => i * 1600));
      expect(pieces.length).toBeGreaterThanOrEqual(19);
      const middle = pcm.subarray(1600, pcm.length - 1600);
      expect(amplitudeAt(middle, 1000)).toBeCloseTo(0.5, 2);
      for (const { level } of pieces.slice(1, -1)) expect(level).toBeCloseTo(0.5, 1);
    },
  );

  it.each([9_000, 12_000, 15_000, 20_000])(
    'lets nothing of a tone of %i Hz through, which 16 kHz cannot hold',
    async (hz) => {
      const { pcm } = await throughWorklet(48_000, 1, (s) => 0.5 * Math.sin(2 * Math.PI * hz * s));
      // 60 dB below what went in
      expect(rms(pcm.subarray(1600, pcm.length - 1600))).toBeLessThan(0.5 * 0.001);
    },
  );

  it('puts an output sample where the input has it', async () => {
    const { pcm } = await throughWorklet(48_000, 1, (s) => (Math.abs(s - 0.5) < 1e-6 ? 1 : 0));
    const peak = pcm.indexOf(Math.max(...pcm));
    expect(Math.abs(peak - 8_000)).toBeLessThanOrEqual(1);
  });
});

describe('openCapture', () => {
  const openCapture = captureWith(addCaptureNode);

  it('gives sound ten times a second, none while paused, and continues where it was', async () => {
    const spans: { startSample: number; length: number; level: number }[] = [];
    const capture = await openCapture(MICROPHONE, {
      onPcm: ({ startSample, pcm }, level) =>
        spans.push({ startSample, length: pcm.length, level }),
      onEnded: () => undefined,
      onMuted: () => undefined,
    });
    try {
      capture.resume();
      await expect.poll(() => spans.length, { timeout: 10_000 }).toBeGreaterThan(12);
      capture.pause();
      await new Promise((resolve) => setTimeout(resolve, 200)); // what was under way arrives
      const heard = spans.length;
      await new Promise((resolve) => setTimeout(resolve, 500)); // a pause that would be seen
      expect(spans.length).toBe(heard);
      capture.resume();
      await expect.poll(() => spans.length, { timeout: 10_000 }).toBeGreaterThan(heard + 3);
      expect(spans.map(({ startSample }) => startSample)).toEqual(spans.map((_, i) => i * 1600));
      // the fake microphone beeps
      expect(Math.max(...spans.map(({ level }) => level))).toBeGreaterThan(0.01);
      expect(capture.stats()).toMatchObject({ gaps: 0, droppedMs: 0 });
      expect(capture.stats().inputs).toHaveLength(1);
    } finally {
      await capture.close();
    }
    const tracks = capture.streams.flatMap((stream) => stream.getTracks());
    expect(tracks.map(({ readyState }) => readyState)).toEqual(['ended']);
  });

  it('exchanges an input under a stream that stays the same, and reports when one ends', async () => {
    const tracks: MediaStreamTrack[] = [];
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await ask(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
    const ended: string[] = [];
    const capture = await openCapture(MICROPHONE, {
      onPcm: () => undefined,
      onEnded: (input) => ended.push(input),
      onMuted: (input, muted) => ended.push(`${input} ${muted ? 'muted' : 'heard'}`),
    });
    try {
      const [stream] = capture.streams;
      tracks[0]?.dispatchEvent(new Event('mute'));
      tracks[0]?.dispatchEvent(new Event('ended'));
      expect(ended).toEqual(['microphone muted', 'microphone']);
      await capture.replace(MICROPHONE);
      expect(capture.streams[0]).toBe(stream);
      expect(tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'live']);
      // an input that was replaced reports nothing any more
      tracks[0]?.dispatchEvent(new Event('ended'));
      expect(ended).toHaveLength(2);
    } finally {
      await capture.close();
      mediaDevices.getUserMedia = ask;
    }
    expect(tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'ended']);
  });

  it('reports how loud each of two inputs is', async () => {
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getDisplayMedia;
    // a tab that plays a tone
    const context = new AudioContext();
    const tab = new MediaStreamAudioDestinationNode(context);
    const tone = new OscillatorNode(context, { frequency: 440 });
    tone.connect(new GainNode(context, { gain: 0.25 })).connect(tab);
    tone.start();
    mediaDevices.getDisplayMedia = async () => tab.stream;
    const all: InputLevels[] = [];
    const capture = await openCapture(
      { ...MICROPHONE, source: 'both' },
      {
        onPcm: (_, __, levels) => all.push(levels),
        onEnded: () => undefined,
        onMuted: () => undefined,
      },
    );
    const loudest = (input: 'microphone' | 'display', from = 0) =>
      Math.max(...all.slice(from).map((levels) => levels[input] ?? Number.NaN));
    try {
      capture.resume();
      await expect.poll(() => loudest('display'), { timeout: 10_000 }).toBeCloseTo(0.25, 1);
      // the fake microphone beeps
      await expect.poll(() => loudest('microphone'), { timeout: 10_000 }).toBeGreaterThan(0.01);
      for (const track of tab.stream.getTracks()) track.stop();
      await expect.poll(() => all.at(-1)?.display, { timeout: 10_000 }).toBe(0);
      const ended = all.length;
      await expect
        .poll(() => loudest('microphone', ended), { timeout: 10_000 })
        .toBeGreaterThan(0.01);
      expect(loudest('display', ended)).toBe(0);
    } finally {
      await capture.close();
      await context.close();
      mediaDevices.getDisplayMedia = ask;
    }
  });

  it.each([
    ['NotAllowedError', 'MIC_DENIED'],
    ['NotFoundError', 'MIC_NOT_FOUND'],
    ['NotReadableError', 'MIC_BUSY'],
    ['NotSupportedError', 'CAPTURE_UNSUPPORTED'],
  ])('says %s as %s', async (name, code) => {
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia;
    mediaDevices.getUserMedia = async () => {
      throw new DOMException('No.', name);
    };
    try {
      const opening = openCapture(MICROPHONE, {
        onPcm: () => undefined,
        onEnded: () => undefined,
        onMuted: () => undefined,
      });
      await expect(opening).rejects.toMatchObject({ code });
    } finally {
      mediaDevices.getUserMedia = ask;
    }
  });

  it('takes the default microphone when the one chosen is gone', async () => {
    const capture = await openCapture(
      { ...MICROPHONE, deviceId: 'gone' },
      { onPcm: () => undefined, onEnded: () => undefined, onMuted: () => undefined },
    );
    expect(capture.stats().inputs).toHaveLength(1);
    await capture.close();
  });
});
