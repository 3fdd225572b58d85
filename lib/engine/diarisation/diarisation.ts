import { SAMPLE_RATE_HZ, SAMPLES_PER_MS } from '@/lib/engine/audio';
import { SpeakerIdentities } from './identify-speakers';
import type { Listener } from './listener';
import { stitch } from './stitch';
import type { Diarised, DiarisedWindow, FrameGrid, SpeakerCount } from './types';

/** Shorter pauses of a speaker are part of a turn. */
const JOIN_SECONDS = 0.3;

/** Who speaks when in a recording that was processed to its end; for any number of speakers, at once. */
export class Diarisation {
  private readonly identities: SpeakerIdentities;
  private readonly joinFrames: number;

  private readonly grid: FrameGrid;
  private readonly windows: readonly DiarisedWindow[];

  constructor({ grid, windows, joinFactor }: Pick<Listener, 'grid' | 'windows' | 'joinFactor'>) {
    this.grid = grid;
    this.windows = windows;
    const frameSeconds = grid.frameSamples / SAMPLE_RATE_HZ;
    this.identities = new SpeakerIdentities(windows, frameSeconds, joinFactor);
    this.joinFrames = Math.round(JOIN_SECONDS / frameSeconds);
  }

  turns(count: SpeakerCount): Diarised {
    const { frameSamples, offsetSamples } = this.grid;
    const msAt = (frame: number) =>
      Math.round((offsetSamples + frame * frameSamples) / SAMPLES_PER_MS);
    const spans = stitch(this.windows, this.identities.identify(count), this.joinFrames);
    // a speaker may have no frame with half of the weight: the others keep numbers without a gap
    const numbers = new Map<number, number>();
    for (const { speaker } of spans) if (!numbers.has(speaker)) numbers.set(speaker, numbers.size);
    const turns = spans.map(({ speaker, from, to }) => ({
      speaker: numbers.get(speaker) ?? 0,
      startMs: msAt(from),
      endMs: msAt(to),
    }));
    return { speakers: numbers.size, turns };
  }
}
