import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CaptureChoice, CaptureReport } from '@/lib/client/store';
import { type AppError, isAbort, newId, toAppError } from '@/lib/core';
import { type PcmSpan, SAMPLES_PER_MS } from '@/lib/engine/audio';
import type { CaptureInput, InputLevels, RecordingNotice, RecordingState } from './ports';
import {
  openRecordingSession,
  type RecordingDependencies,
  type RecordingSession,
} from './recording-session';
import { finaliseRecording, type RecordingRepository } from './recover';

export const NO_RECORDING: RecordingState = {
  phase: 'idle',
  id: null,
  title: '',
  source: 'microphone',
  elapsedMs: 0,
  level: 0,
  levels: {},
  paragraphs: [],
  partial: [],
  turns: [],
  marks: [],
  notices: [],
  liveModel: null,
  secondModel: null,
  error: null,
};

/** The recording of one tab: one at a time. Only it writes its state, which pages read. */
export class Recording {
  readonly state: StoreApi<RecordingState> = createStore(() => NO_RECORDING);
  private session: RecordingSession | null = null;

  constructor(private readonly dependencies: RecordingDependencies) {}

  /** Asks for the inputs and starts; a failure is in the state's `error`. */
  start = async (choice: CaptureChoice): Promise<void> => {
    if (this.phase !== 'idle') return;
    const id = newId();
    const names = this.dependencies.nameNow();
    const { title } = names;
    this.set({ ...NO_RECORDING, phase: 'starting', id, title, source: choice.source });
    let broken: AppError | null = null;
    const breakOff = (how: CaptureReport['ended'], error: unknown) => {
      broken = toAppError(error, 'STORE_FAILED');
      void this.end(how, broken);
    };
    try {
      const session = await openRecordingSession(this.dependencies, { id, ...names }, choice, {
        onPcm: this.take,
        onLoudest: (input, startSample) =>
          this.set({ turns: [...this.state.getState().turns, { input, startSample }] }),
        onEnded: this.inputEnded,
        onMuted: (input, muted) => this.notice('input-muted', input, muted),
        onStoreError: (error) => breakOff('storage-full', error),
        onRecorderError: (error) => breakOff('stopped', error),
        onLiveText: (change) => this.set(change),
        onNoLiveText: () => this.notice('no-live-text', null, true),
      });
      this.session = session;
      this.set({ phase: 'recording' });
      session.capture.resume();
      this.patchTranscript({ capture: this.report(session, 'crashed') });
      void this.stayAwake(session);
      // it failed before there was a session to end
      if (broken) void this.end('stopped', broken);
    } catch (error) {
      const { code, message } = toAppError(error);
      // closing the browser's picker is not a failure
      this.set({ ...NO_RECORDING, error: isAbort(error) ? null : { code, message } });
    }
  };

  pause = (): void => {
    if (!this.session || this.phase !== 'recording') return;
    this.hold(this.session);
    this.set({ phase: 'paused' });
  };

  /** Resumes; inputs are opened again if another choice is given or one of them has ended. */
  resume = async (choice?: CaptureChoice): Promise<void> => {
    const { session, phase } = this;
    if (!session || (phase !== 'paused' && phase !== 'interrupted')) return;
    this.set({ phase: 'starting', error: null });
    try {
      const wanted = choice ?? session.choice;
      if (session.lost.size > 0 || !isSameChoice(wanted, session.choice)) {
        await session.capture.replace(wanted);
        session.choice = wanted;
        for (const input of session.lost) this.notice('input-lost', input, false);
        session.lost.clear();
      }
      if (this.session !== session || this.phase !== 'starting') return;
      session.capture.resume();
      session.recorder.resume();
      this.set({ phase: 'recording', source: session.choice.source });
    } catch (error) {
      const { code, message } = toAppError(error);
      this.set({ phase, error: isAbort(error) ? null : { code, message } });
    }
  };

  /** Stops it and queues the final pass. Never rejects. */
  stop = (): Promise<void> => this.end('stopped', null);

  /** Marks this moment. */
  mark = (): void => {
    const { phase, elapsedMs, marks } = this.state.getState();
    if (!this.session || (phase !== 'recording' && phase !== 'paused')) return;
    const all = [...marks, { id: newId(), atMs: elapsedMs }];
    this.set({ marks: all });
    this.patchTranscript({ marks: all });
  };

  private get phase(): RecordingState['phase'] {
    return this.state.getState().phase;
  }

  private set(change: Partial<RecordingState>): void {
    this.state.setState(change);
  }

  private notice(kind: RecordingNotice['kind'], input: CaptureInput | null, on: boolean): void {
    const { notices } = this.state.getState();
    const others = notices.filter((one) => one.kind !== kind || one.input !== input);
    if (on || others.length < notices.length)
      this.set({ notices: on ? [...others, { kind, input }] : others });
  }

  private take = (span: PcmSpan, level: number, levels: InputLevels): void => {
    const { session } = this;
    if (!session) return;
    const samples = span.startSample + span.pcm.length;
    this.set({ level, levels, elapsedMs: Math.floor(samples / SAMPLES_PER_MS) });
    const change = session.silence.update(level, span.pcm.length);
    if (change !== null) this.notice('silence', null, change === 'silent');
    session.feed.push(span);
  };

  private inputEnded = (input: CaptureInput): void => {
    const { session } = this;
    if (!session) return;
    session.lost.add(input);
    this.notice('input-lost', input, true);
    this.notice('input-muted', input, false);
    const inputs = session.choice.source === 'both' ? 2 : 1;
    if (session.lost.size < inputs || this.phase === 'finishing') return;
    if (this.phase === 'recording') this.hold(session);
    this.set({ phase: 'interrupted' });
  };

  /** Stops recording until it is resumed. */
  private hold(session: RecordingSession): void {
    session.capture.pause();
    session.recorder.pause();
    session.feed.flush();
    session.pauses += 1;
    this.set({ level: 0, levels: {} });
    this.notice('silence', null, false);
    this.patchTranscript({ capture: this.report(session, 'crashed') });
  }

  private report(
    { capture, pauses, lost }: RecordingSession,
    how: CaptureReport['ended'],
  ): CaptureReport {
    const ended = how === 'stopped' && lost.size > 0 ? 'device-lost' : how;
    return { ...capture.stats(), pauses, ended };
  }

  private patchTranscript(change: Parameters<RecordingRepository['updateTranscript']>[1]): void {
    const { session } = this;
    if (!session) return;
    this.dependencies.repository
      .updateTranscript(session.id, change)
      .catch((error: unknown) => console.warn('A note on the recording was not stored', error));
  }

  private async stayAwake(session: RecordingSession): Promise<void> {
    try {
      const sleep = await this.dependencies.stayAwake();
      if (this.session === session) session.sleep = sleep;
      else sleep();
    } catch (error) {
      console.warn('The screen may turn off', error);
      if (this.session === session) this.notice('no-wake-lock', null, true);
    }
  }

  private async end(how: CaptureReport['ended'], error: AppError | null): Promise<void> {
    const { session } = this;
    if (!session || this.phase === 'finishing') return;
    if (how === 'storage-full') this.notice('storage-full', null, true);
    this.set({ phase: 'finishing', level: 0, levels: {} });
    try {
      const kept = await this.close(session, how);
      const empty = { code: 'SOURCE_EMPTY' as const, message: 'Nothing was recorded.' };
      const { code, message } = error ?? {};
      const outcome = code && message ? { code, message } : kept ? null : empty;
      this.set({ phase: 'idle', error: outcome, ...(kept ? {} : { id: null }) });
    } catch (cause) {
      // the file stays, and the library offers to try again
      const failure = toAppError(cause, 'STORE_FAILED');
      await this.dependencies.repository
        .failRecording(session.id, failure)
        .catch(warn('That a recording could not be closed was not stored'));
      this.set({ phase: 'idle', error: { code: failure.code, message: failure.message } });
    } finally {
      this.session = null;
      session.sleep();
      session.release();
    }
  }

  /** @returns whether there is something to transcribe */
  private async close(session: RecordingSession, how: CaptureReport['ended']): Promise<boolean> {
    const { id, recorder, writer, capture, feed } = session;
    await recorder.stop().catch(warn('The recorder did not end well'));
    await writer.close().catch(warn('The file was not closed'));
    const report = this.report(session, how);
    await capture.close().catch(warn('The inputs were not closed'));
    await feed.close();
    const { files, repository } = this.dependencies;
    await repository
      .updateTranscript(id, { capture: report })
      .catch(warn('The report of a recording was not stored'));
    return finaliseRecording(id, recorder.mediaType, files, repository);
  }
}

function isSameChoice(one: CaptureChoice, other: CaptureChoice): boolean {
  return (
    one.source === other.source &&
    one.deviceId === other.deviceId &&
    one.echoCancellation === other.echoCancellation &&
    one.noiseSuppression === other.noiseSuppression
  );
}

function warn(what: string): (cause: unknown) => void {
  return (cause) => console.warn(what, cause);
}
