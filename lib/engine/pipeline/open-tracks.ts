import type { MediaInfo } from '@/lib/engine/audio';
import type { SegmenterCheckpoint } from '@/lib/engine/vad';
import { chooseTrack } from './choose-track';
import type { DecodeSession, SegmentSession } from './stages';
import { COMPARED_SAMPLES, POWER_FRAME_SAMPLES } from './track-powers';
import type { ResumePoint, Stages } from './transcribe';

/** The sound of several tracks begins at a multiple of this: at a whole frame of power, and at a whole peak. */
const GRID_SAMPLES = 5 * POWER_FRAME_SAMPLES;

/** Where a later run resumes one of several tracks. */
export interface TrackPoint {
  checkpoint: SegmenterCheckpoint | null;
  /** What decoded it last. */
  decoder: MediaInfo['decoder'] | null;
}

/** A track that is being decoded and segmented. */
export interface OpenTrack {
  session: DecodeSession;
  segments: SegmentSession;
}

/** The tracks of a run. */
export interface OpenTracks {
  tracks: OpenTrack[];
  /** Where the sound of all tracks begins. */
  startSample: number;
}

type Open = (options: Parameters<Stages['decoder']['open']>[1]) => Promise<DecodeSession>;

/**
 * Opens the track that is transcribed, or each one.
 * @param opened the caller closes them: all that were opened, in case of a failure, too
 */
export async function openTracks(
  source: Blob,
  from: ResumePoint,
  stages: Pick<Stages, 'decoder' | 'segmenter'>,
  signal: AbortSignal,
  opened: { close(): Promise<void> }[],
): Promise<OpenTracks> {
  const noted = async <T extends { close(): Promise<void> }>(opening: Promise<T>) => {
    const one = await opening;
    opened.push(one);
    return one;
  };
  const open: Open = (options) => noted(stages.decoder.open(source, { ...options, signal }));
  const segment = (checkpoint: SegmenterCheckpoint | null) =>
    noted(stages.segmenter.open(checkpoint, signal));
  return from.tracks
    ? openEach(from.tracks, open, segment)
    : openOne(from, open, segment, (tracks) => chooseTrack(source, tracks, stages, signal), opened);
}

async function openOne(
  { checkpoint, audioTrack, decoder }: ResumePoint,
  open: Open,
  segment: (checkpoint: SegmenterCheckpoint | null) => Promise<SegmentSession>,
  choose: (tracks: MediaInfo['audioTracks']) => Promise<number>,
  opened: unknown[],
): Promise<OpenTracks> {
  const segments = await segment(checkpoint);
  const { startSample } = segments;
  let session = await open({ startSample, track: audioTrack, decoder });
  const { audioTracks } = session.info;
  if (audioTrack === null && checkpoint === null && audioTracks.length > 1) {
    await session.close();
    opened.splice(opened.indexOf(session), 1);
    session = await open({ startSample, track: await choose(audioTracks), decoder });
  }
  return { tracks: [{ session, segments }], startSample };
}

/** @param points where each track resumes; empty: at its start */
async function openEach(
  points: readonly TrackPoint[],
  open: Open,
  segment: (checkpoint: SegmenterCheckpoint | null) => Promise<SegmentSession>,
): Promise<OpenTracks> {
  const tracks: OpenTrack[] = [];
  const first = points.length === 0 ? await open({ startSample: 0, track: 0 }) : null;
  const count = first?.info.audioTracks.length ?? points.length;
  const all: SegmentSession[] = [];
  for (let track = 0; track < count; track += 1)
    all.push(await segment(points[track]?.checkpoint ?? null));
  // what comes next in one track is compared with what the others have around it
  const neededSample = Math.min(...all.map((one) => one.startSample)) - COMPARED_SAMPLES;
  const startSample = Math.floor(Math.max(0, neededSample) / GRID_SAMPLES) * GRID_SAMPLES;
  for (const [track, segments] of all.entries()) {
    const decoder = points[track]?.decoder ?? null;
    const isOpen = track === 0 && first;
    const session = isOpen ? first : await open({ startSample, track, decoder });
    tracks.push({ session, segments });
  }
  return { tracks, startSample };
}
