import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SAMPLE_RATE_HZ } from '../../lib/engine/audio/constants';
import type { SpeakerTurn } from '../../lib/engine/diarisation/types';
import { PlainError } from '../command/errors';

/**
 * Recordings of each speaker in manifests (JSONL: audio, speaker).
 * @throws {PlainError} for a manifest that is not there, or a line without them
 */
export function readVoices(manifests: readonly string[]): Map<string, string[]> {
  const voices = new Map<string, string[]>();
  for (const manifest of manifests) {
    if (!existsSync(manifest)) throw new PlainError(`There is no manifest ${manifest}.`);
    for (const [at, line] of readFileSync(manifest, 'utf8').split('\n').entries()) {
      if (line.trim() === '') continue;
      const { audio, speaker } = parsed(line, `${manifest}:${at + 1}`);
      const paths = voices.get(speaker) ?? [];
      voices.set(speaker, [...paths, resolve(dirname(manifest), audio)]);
    }
  }
  return voices;
}

function parsed(line: string, place: string): { audio: string; speaker: string } {
  let value: unknown = null;
  try {
    value = JSON.parse(line);
  } catch {
    throw new PlainError(`${place}: not a line of JSON.`);
  }
  const { audio, speaker }: Partial<Record<string, unknown>> = { ...(value as object) };
  if (typeof audio !== 'string' || typeof speaker !== 'string')
    throw new PlainError(`${place}: audio and speaker are needed.`);
  return { audio, speaker };
}

/** A conversation that never was: recordings of several people laid out in time. */
export interface Conversation {
  pcm: Float32Array;
  /** Who speaks when, as arranged; a pause inside a recording counts as speech. */
  turns: SpeakerTurn[];
}

export interface ConversationPlan {
  /** For each speaker recordings without silence at their ends. */
  voices: readonly (readonly Float32Array[])[];
  seed: number;
  /** About this long. */
  seconds: number;
  /** Share of turns that begin before the last one has ended. */
  interruptions: number;
}

/** Of a turn: recordings are cut to it. */
const LONGEST_SECONDS = 10;
const SHORTEST_SECONDS = 1.5;
/** Longest pause between turns, and longest overlap of two. */
const PAUSE_SECONDS = 1;
const OVERLAP_SECONDS = 1.5;
/** Of every voice, so that none is recognised by its level. */
const LEVEL = 0.05;
/** Of the noise of the room. */
const NOISE = 0.0008;

/** Lays out turns: the speaker, the length and the pause before are drawn by the seed. */
export function makeConversation(plan: ConversationPlan): Conversation {
  const { voices, seed, seconds, interruptions } = plan;
  const draw = randomOf(seed);
  const used = voices.map(() => 0);
  const parts: { start: number; pcm: Float32Array; speaker: number }[] = [];
  let end = Math.round(0.5 * SAMPLE_RATE_HZ);
  let last = -1;
  while (end < seconds * SAMPLE_RATE_HZ) {
    // everybody speaks in the beginning; later anybody but the last one
    const others = voices.map((_, voice) => voice).filter((voice) => voice !== last);
    const silent = others.filter((voice) => used[voice] === 0);
    const from = silent.length > 0 ? silent : others;
    const speaker = from[Math.floor(draw() * from.length)] ?? 0;
    const recordings = voices[speaker] ?? [];
    const recording = recordings[(used[speaker] ?? 0) % recordings.length] ?? new Float32Array(0);
    used[speaker] = (used[speaker] ?? 0) + 1;
    const length = SHORTEST_SECONDS + draw() * (LONGEST_SECONDS - SHORTEST_SECONDS);
    const pcm = levelled(recording.subarray(0, Math.round(length * SAMPLE_RATE_HZ)));
    const before = parts.at(-1);
    const isEarly = before !== undefined && draw() < interruptions;
    const most = Math.min(OVERLAP_SECONDS * SAMPLE_RATE_HZ, (before?.pcm.length ?? 0) / 2);
    const pause = isEarly ? -draw() * most : draw() * PAUSE_SECONDS * SAMPLE_RATE_HZ;
    const start = Math.round(end + pause);
    parts.push({ start, pcm, speaker });
    end = Math.max(end, start + pcm.length);
    last = speaker;
  }
  const pcm = new Float32Array(end + Math.round(0.5 * SAMPLE_RATE_HZ));
  for (let at = 0; at < pcm.length; at++) pcm[at] = NOISE * (2 * draw() - 1);
  for (const { start, pcm: part } of parts)
    for (const [at, sample] of part.entries()) pcm[start + at] = (pcm[start + at] ?? 0) + sample;
  const ms = (sample: number) => Math.round((sample * 1000) / SAMPLE_RATE_HZ);
  const turns = parts.map(({ start, pcm: part, speaker }) => ({
    speaker,
    startMs: ms(start),
    endMs: ms(start + part.length),
  }));
  return { pcm, turns };
}

/** A recording without what is quiet before and behind it. */
export function trimmed(pcm: Float32Array): Float32Array {
  const frame = SAMPLE_RATE_HZ / 100;
  const levels = Array.from({ length: Math.floor(pcm.length / frame) }, (_, at) =>
    levelOf(pcm.subarray(at * frame, (at + 1) * frame)),
  );
  const loud = 0.1 * Math.max(...levels);
  const first = levels.findIndex((level) => level > loud);
  const last = levels.findLastIndex((level) => level > loud);
  return pcm.subarray(Math.max(0, first) * frame, (last + 1) * frame);
}

function levelOf(pcm: Float32Array): number {
  return Math.sqrt(pcm.reduce((sum, sample) => sum + sample * sample, 0) / pcm.length);
}

function levelled(pcm: Float32Array): Float32Array {
  const factor = LEVEL / Math.max(levelOf(pcm), 1e-6);
  return pcm.map((sample) => sample * factor);
}

/** Uniform in [0, 1), the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
