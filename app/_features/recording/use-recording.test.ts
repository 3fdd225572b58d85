import { describe, expect, it } from 'vitest';
import type { CaptureReport } from '@/lib/client/store/capture-records';
import { captureFacts, noticeTexts } from './use-recording';

const REPORT: CaptureReport = {
  inputs: ['Headset'],
  sampleRateHz: 48_000,
  driftPpm: null,
  droppedMs: 0,
  gaps: 0,
  pauses: 0,
  ended: 'stopped',
};

const textsOf = (change: Partial<CaptureReport>) =>
  captureFacts({ ...REPORT, ...change }).map(({ text }) => text);

describe('captureFacts', () => {
  it('says where the sound came from, and that none was dropped', () => {
    expect(captureFacts(REPORT)).toEqual([
      { text: 'Recorded from Headset at 48.0 kHz, no sound was dropped.', isWarning: false },
    ]);
  });

  it('shows pauses, and how the clocks ran', () => {
    expect(textsOf({ inputs: ['Headset', 'A tab'], pauses: 2, driftPpm: -31 })).toEqual([
      'Recorded from Headset and A tab at 48.0 kHz, paused 2 times, no sound was dropped, its clock ran 31 ppm slower than the computer’s.',
    ]);
    expect(textsOf({ pauses: 1, driftPpm: 0 })[0]).toContain(
      'paused once, no sound was dropped, its clock ran in step with the computer’s',
    );
  });

  it('warns of sound that never came, and does not say that none was dropped', () => {
    const facts = captureFacts({ ...REPORT, droppedMs: 2_400, gaps: 3 });
    expect(facts[0]).toMatchObject({ isWarning: true });
    expect(facts[0]?.text).toMatch(/^2.4 s of audio was lost \(3 gaps\)/);
    expect(facts.map(({ text }) => text).join()).not.toContain('no sound was dropped');
  });

  it.each([
    ['crashed', /broke off, and was recovered/],
    ['storage-full', /the storage was full/],
    ['device-lost', /its input was lost/],
  ] as const)('warns of a recording that ended so: %s', (ended, text) => {
    const [first] = captureFacts({ ...REPORT, ended });
    expect(first?.text).toMatch(text);
    expect(first?.isWarning).toBe(true);
  });
});

describe('noticeTexts', () => {
  type State = Parameters<typeof noticeTexts>[0];
  const LOST = { kind: 'input-lost', input: 'display' } as const;
  const MUTED = { kind: 'input-muted', input: 'microphone' } as const;
  const said = (notices: State['notices'], change: Partial<State> = {}) =>
    noticeTexts({ notices, phase: 'recording', source: 'microphone', ...change }).map(
      ({ text }) => text,
    );

  it('say which input is gone, and what can be done', () => {
    const over = { phase: 'interrupted', source: 'display' } as const;
    expect(said([LOST], over)).toEqual([
      expect.stringMatching(/^The shared audio is gone.*resume/),
    ]);
    expect(said([{ ...LOST, input: 'microphone' }], { source: 'both' })).toEqual([
      expect.stringMatching(/^The microphone is gone. The recording continues/),
    ]);
  });

  it('say once that both inputs are gone', () => {
    const both = [LOST, { ...LOST, input: 'microphone' }] as const;
    expect(said(both, { phase: 'interrupted', source: 'both' })).toEqual([
      expect.stringMatching(/^The microphone and the shared audio are gone/),
    ]);
  });

  it('say that a muted input gives silence, and that the other of two is recorded', () => {
    expect(said([MUTED])).toEqual([expect.stringMatching(/only silence/)]);
    expect(said([MUTED], { source: 'both' })).toEqual([
      expect.stringMatching(/^The microphone is muted.*The shared audio is recorded/),
    ]);
    // nothing is recorded of the other one either
    expect(said([LOST, MUTED], { source: 'both' })[1]).toMatch(/only silence/);
  });

  it('distinguish dangers from mild notices', () => {
    const notices: State['notices'] = [{ kind: 'no-wake-lock', input: null }, MUTED];
    const mild = noticeTexts({ notices, phase: 'recording', source: 'microphone' });
    expect(mild.map(({ isMild }) => isMild)).toEqual([true, false]);
  });
});
