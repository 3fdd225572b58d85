import { describe, expect, it } from 'vitest';
import type { CaptureReport } from '@/lib/client/store/capture-records';
import { captureFacts, noticeText } from './record-facts';

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

describe('noticeText', () => {
  it('says which input is gone, and what can be done', () => {
    const lost = { kind: 'input-lost', input: 'display' } as const;
    expect(noticeText(lost, false)).toMatch(/^The shared audio is gone.*resume/);
    expect(noticeText({ ...lost, input: 'microphone' }, true)).toMatch(
      /^The microphone is gone. The recording continues/,
    );
  });

  it('says that a muted input gives silence', () => {
    expect(noticeText({ kind: 'input-muted', input: 'microphone' }, true)).toMatch(/only silence/);
  });
});
