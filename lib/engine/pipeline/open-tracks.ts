import type { AppError } from '@/lib/core';
import {
  type DecodeNotice,
  isUnreadableTrack,
  type MediaInfo,
  SAMPLES_PER_MS,
} from '@/lib/engine/audio';
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
interface OpenTrack {
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

/** This many tracks are tried, at most, where the first ones cannot be read and nothing says how many there are. */
const TRIED_TRACKS = 8;

/**
 * Opens every track; those that cannot be decoded have no sound.
 * @param points where each track resumes; empty: at its start
 * @throws the first track's error, where none can be decoded
 */
async function openEach(
  points: readonly TrackPoint[],
  open: Open,
  segment: (checkpoint: SegmenterCheckpoint | null) => Promise<SegmentSession>,
): Promise<OpenTracks> {
  const sessions: (DecodeSession | null)[] = [];
  const failures: AppError[] = [];
  const openNext = async (startSample: number) => {
    const track = sessions.length;
    try {
      sessions.push(await open({ startSample, track, decoder: points[track]?.decoder ?? null }));
    } catch (error) {
      if (!isUnreadableTrack(error)) throw error;
      failures.push(error);
      sessions.push(null);
    }
  };
  // only a track that can be opened says how many there are
  while (points.length === 0 && !sessions.at(-1) && sessions.length < TRIED_TRACKS)
    await openNext(0);
  const count = points.length || (sessions.at(-1)?.info.audioTracks.length ?? 0);
  const all: SegmentSession[] = [];
  for (let track = 0; track < count; track += 1)
    all.push(await segment(points[track]?.checkpoint ?? null));
  // what comes next in one track is compared with what the others have around it
  const neededSample = Math.min(...all.map((one) => one.startSample)) - COMPARED_SAMPLES;
  const startSample = Math.floor(Math.max(0, neededSample) / GRID_SAMPLES) * GRID_SAMPLES;
  while (sessions.length < count) await openNext(startSample);
  const info = sessions.find((session) => session !== null)?.info;
  if (!info) throw failures[0];
  const unreadable = new Set([...sessions.keys()].filter((track) => !sessions[track]));
  const tracks = all.map((segments, track) => ({
    session: new TrackSound(sessions[track] ?? null, track, unreadable, info, startSample),
    segments,
  }));
  return { tracks, startSample };
}

/**
 * The sound of one of several tracks. Where it cannot be decoded it ends, with a notice: the others go on.
 * Only the last track that fails throws.
 */
class TrackSound implements DecodeSession {
  private readonly own: DecodeNotice[] = [];
  private reached: number;

  /**
   * @param session `null`: it could not be opened
   * @param unreadable the tracks of the recording that cannot be decoded, this one included where it could not
   * be opened
   * @param info of this track, or of another one where this one has none
   */
  constructor(
    private readonly session: DecodeSession | null,
    private readonly track: number,
    private readonly unreadable: Set<number>,
    private readonly firstInfo: MediaInfo,
    startSample: number,
  ) {
    this.reached = startSample;
    if (!session) this.note(0);
  }

  get info(): MediaInfo {
    return this.session?.info ?? { ...this.firstInfo, audioTrack: this.track };
  }

  get notices(): readonly DecodeNotice[] {
    return [...(this.session?.notices ?? []), ...this.own];
  }

  get loudest(): number {
    return this.session?.loudest ?? 0;
  }

  async read(signal?: AbortSignal) {
    if (!this.session || this.unreadable.has(this.track)) return null;
    try {
      const chunk = await this.session.read(signal);
      if (chunk) this.reached = chunk.startSample + chunk.pcm.length;
      return chunk;
    } catch (error) {
      if (!isUnreadableTrack(error)) throw error;
      this.unreadable.add(this.track);
      if (this.unreadable.size === this.firstInfo.audioTracks.length) throw error;
      this.note(Math.round(this.reached / SAMPLES_PER_MS));
      return null;
    }
  }

  async close(): Promise<void> {
    await this.session?.close();
  }

  private note(atMs: number): void {
    const name = this.firstInfo.audioTracks[this.track]?.name ?? null;
    this.own.push({ kind: 'track', atMs, lengthMs: null, track: { index: this.track, name } });
  }
}
