import { toAppError } from '@/lib/core';
import { SAMPLES_PER_MS } from '@/lib/engine/audio';
import type { TranscriptSegment } from '@/lib/transcript';
import { type Aligner, MAX_MS, MIN_AGREEMENT, placeTyped } from './word-timer';

/** Sound before and after a cue that is also searched, in ms: subtitles are timed loosely. */
const BESIDE_MS = 200;
/** Number of words that decide whether a text of unknown language can be timed. */
const TRIAL_WORDS = 20;
/** Share of them that must match the sound: nearly all spoken words match, but only one in ten others. */
const TRIAL_SHARE = 0.8;
/** BCP 47: not determined. */
const UNKNOWN = 'und';

/** Cues with the times of their words, as far as they were found. */
export interface TimedCues {
  segments: TranscriptSegment[];
  /** BCP 47: as given, or as determined from the sound. */
  language: string;
}

/** Finds the words of subtitles in the sound of their recording while it is being decoded. */
export class CueTimer {
  private readonly timed: TranscriptSegment[];
  /** Decoded sound that a cue may still need. */
  private chunks: { startSample: number; pcm: Float32Array }[] = [];
  private next = 0;
  /** Languages that can be timed; none once timing makes no sense. */
  private languages: readonly string[] | null = null;
  private agreeing = 0;
  private compared = 0;

  /** @param language BCP 47 of the cues */
  constructor(
    private readonly given: readonly TranscriptSegment[],
    private readonly language: string,
    private readonly aligner: Aligner,
  ) {
    this.timed = [...given];
  }

  /** Takes the sound in order. Never rejects: what cannot be timed keeps its times. */
  async take(chunk: { startSample: number; pcm: Float32Array }): Promise<void> {
    this.chunks.push(chunk);
    await this.timeUntil(chunk.startSample + chunk.pcm.length);
  }

  /** All of the sound was taken. */
  async end(): Promise<TimedCues> {
    await this.timeUntil(Number.POSITIVE_INFINITY);
    if (this.language !== UNKNOWN || this.compared < TRIAL_WORDS)
      return { segments: this.timed, language: this.language };
    return this.isOther()
      ? { segments: [...this.given], language: UNKNOWN }
      : { segments: this.timed, language: this.languages?.[0] ?? UNKNOWN };
  }

  private async timeUntil(untilSample: number): Promise<void> {
    for (let cue = this.timed[this.next]; cue; cue = this.timed[this.next]) {
      const toSample = (cue.endMs + BESIDE_MS) * SAMPLES_PER_MS;
      if (toSample > untilSample) return;
      try {
        if (await this.isPossible()) this.timed[this.next] = await this.timeCue(cue);
      } catch (error) {
        console.warn('Subtitles could not be timed by the sound', toAppError(error).code);
        this.languages = [];
      }
      this.next += 1;
      const fromMs = (this.timed[this.next]?.startMs ?? Number.POSITIVE_INFINITY) - BESIDE_MS;
      this.chunks = this.chunks.filter(
        ({ startSample, pcm }) => startSample + pcm.length > fromMs * SAMPLES_PER_MS,
      );
    }
    this.chunks = [];
  }

  private async isPossible(): Promise<boolean> {
    this.languages ??= await this.aligner.languages();
    if (this.language !== UNKNOWN)
      return this.languages.includes(this.language.split('-')[0] ?? '');
    return this.languages.length > 0 && !this.isOther();
  }

  /** Whether the sound has shown that the text is in a language that cannot be timed, or not of this recording. */
  private isOther(): boolean {
    return this.compared >= TRIAL_WORDS && this.agreeing < this.compared * TRIAL_SHARE;
  }

  private async timeCue(cue: TranscriptSegment): Promise<TranscriptSegment> {
    const fromMs = Math.max(0, cue.startMs - BESIDE_MS);
    const lengthMs = cue.endMs + BESIDE_MS - fromMs;
    if (lengthMs > MAX_MS || cue.words.length === 0) return cue;
    const times = await this.aligner.align(
      this.sound(fromMs, lengthMs),
      cue.words.map(({ text }) => text),
    );
    const heard = times.map(({ startSample, endSample, agreement }) => ({
      startMs: fromMs + Math.round(startSample / SAMPLES_PER_MS),
      endMs: fromMs + Math.round(endSample / SAMPLES_PER_MS),
      agreement,
    }));
    for (const { agreement } of heard) {
      if (agreement === undefined) continue;
      this.compared += 1;
      if (agreement >= MIN_AGREEMENT) this.agreeing += 1;
    }
    const all = new Set(cue.words.map(({ startMs }) => startMs));
    return { ...cue, words: placeTyped(cue, all, heard) };
  }

  private sound(fromMs: number, lengthMs: number): Float32Array<ArrayBuffer> {
    const fromSample = fromMs * SAMPLES_PER_MS;
    const pcm = new Float32Array(lengthMs * SAMPLES_PER_MS);
    for (const { startSample, pcm: piece } of this.chunks) {
      const at = startSample - fromSample;
      const own = piece.subarray(Math.max(0, -at), Math.max(0, pcm.length - at));
      if (own.length > 0) pcm.set(own, Math.max(0, at));
    }
    return pcm;
  }
}
