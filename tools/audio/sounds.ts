// Sound in which nobody speaks, made by arithmetic: the same samples on every machine.
import { SAMPLE_RATE_HZ as RATE } from '../../lib/engine/audio/constants';

/** Samples of this many seconds: 16 kHz, one channel. */
type Sound = (seconds: number) => Float32Array;

/** Uniform in [-1, 1), the same for the same seed (xorshift, Marsaglia 2003). */
function noiseOf(seed: number): () => number {
  let state = (seed * 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}

/** One sample after the other. */
function samples(seconds: number, next: (at: number) => number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * RATE) }, (_, at) => next(at));
}

/** Adds to one sample. */
function add(samples: Float32Array, at: number, value: number): void {
  samples[at] = (samples[at] ?? 0) + value;
}

/** A room: noise that falls with frequency, a hum, and a fan that comes and goes. */
function room(seconds: number): Float32Array {
  const noise = noiseOf(1);
  let low = 0;
  return samples(seconds, (at) => {
    low = 0.995 * low + 0.005 * noise();
    const hum = 0.0006 * Math.sin((2 * Math.PI * 50 * at) / RATE);
    const fan = 1 + 0.4 * Math.sin((2 * Math.PI * at) / (17 * RATE));
    return fan * (0.05 * low + 0.0015 * noise()) + hum;
  });
}

/** A telephone on hold: two tones, one second in four. */
function holdTone(seconds: number): Float32Array {
  const wave = (hertz: number, at: number) => Math.sin((2 * Math.PI * hertz * at) / RATE);
  return samples(seconds, (at) =>
    at % (4 * RATE) < RATE ? 0.12 * (wave(440, at) + wave(480, at)) : 0,
  );
}

/** Plucked strings (Karplus and Strong 1983) over a bass: four chords, round and round. */
function music(seconds: number): Float32Array {
  const noise = noiseOf(3);
  const out = new Float32Array(Math.round(seconds * RATE));
  const chords = [
    [220, 261.63, 329.63],
    [174.61, 220, 261.63],
    [196, 246.94, 293.66],
    [164.81, 207.65, 246.94],
  ];
  const pluck = (from: number, hertz: number, loud: number) => {
    const string = Float32Array.from({ length: Math.round(RATE / hertz) }, () => loud * noise());
    for (let at = 0, place = 0; at < 2 * RATE && from + at < out.length; at++) {
      const next = (place + 1) % string.length;
      const value = string[place] ?? 0;
      add(out, from + at, value);
      string[place] = 0.498 * (value + (string[next] ?? 0));
      place = next;
    }
  };
  for (let beat = 0; beat * 0.25 < seconds; beat++) {
    const chord = chords[Math.floor(beat / 8) % chords.length] ?? [];
    const from = Math.round(beat * 0.25 * RATE);
    pluck(from, (chord[beat % 3] ?? 0) * (beat % 4 === 3 ? 2 : 1), 0.2);
    if (beat % 4 === 0) pluck(from, (chord[0] ?? 0) / 2, 0.3);
  }
  return out;
}

/** A hall that claps: thousands of short bursts, swelling and dying away. */
function applause(seconds: number): Float32Array {
  const [noise, when] = [noiseOf(4), noiseOf(5)];
  const out = new Float32Array(Math.round(seconds * RATE));
  for (let clap = 0; clap < 40 * seconds; clap++) {
    const from = Math.floor(((when() + 1) / 2) * out.length);
    const swell = 0.5 + 0.5 * Math.sin((2 * Math.PI * from) / (12 * RATE));
    const loud = 0.15 * swell * (1 + when());
    let last = 0;
    for (let at = 0; at < 400 && from + at < out.length; at++) {
      const value = noise() * Math.exp(-at / 60);
      add(out, from + at, loud * (value - 0.6 * last));
      last = value;
    }
  }
  return out.map((value) => Math.max(-1, Math.min(1, value)));
}

/** Typing: a click down and a softer one up, in bursts with pauses, in a quiet room. */
function keyboard(seconds: number): Float32Array {
  const [noise, when] = [noiseOf(6), noiseOf(7)];
  const out = room(seconds).map((value) => value / 4);
  const click = (from: number, loud: number, decay: number) => {
    for (let at = 0; at < 500 && from + at < out.length; at++)
      add(out, from + at, loud * noise() * Math.exp(-at / decay));
  };
  for (let at = 0; at < seconds; ) {
    const down = Math.round(at * RATE);
    click(down, 0.2 + 0.05 * when(), 25);
    click(down + Math.round((0.07 + 0.02 * when()) * RATE), 0.08, 40);
    at += 0.14 + 0.05 * when() + (when() > 0.9 ? 2 : 0);
  }
  return out;
}

/** By name. */
export const SOUNDS = {
  silence: (seconds) => samples(seconds, () => 0),
  room,
  'hold-tone': holdTone,
  music,
  applause,
  keyboard,
} satisfies Record<string, Sound>;
