import {
  type DecodeNotice,
  isUnreadableTrack,
  type MediaInfo,
  SAMPLES_PER_MS,
} from '@/lib/engine/audio';
import type { DecodeSession } from './stages';

/**
 * The sound of one of several tracks. Where it cannot be decoded it ends, with a notice: the others go on.
 * Only the last track that fails throws.
 */
export class TrackSound implements DecodeSession {
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
