import { formatMeasured } from '@/app/_features/ui';
import type { LiveParagraph, RecordingNotice } from '@/lib/client/recording';
import type { CaptureReport } from '@/lib/client/store';
import { formatClock } from '@/lib/core';

/**
 * What the user should know of the recording under way, and what to do.
 * @param goesOn whether something is being recorded all the same
 */
export function noticeText({ kind, input }: RecordingNotice, goesOn: boolean): string {
  const what = input === 'display' ? 'The shared sound' : 'The microphone';
  switch (kind) {
    case 'input-lost':
      return goesOn
        ? `${what} is no longer there. The recording goes on with the other input; to have both again, pause and resume.`
        : `${what} is no longer there. What was recorded is kept: resume with another input, or stop.`;
    case 'input-muted':
      return `${what} is muted: only silence is recorded until it is switched on again.`;
    case 'silence':
      return 'Nothing has been heard for ten seconds. Check that the right input is chosen and switched on.';
    case 'storage-full':
      return 'The storage of this browser is full. The recording ended here; what was recorded is kept.';
    case 'no-live-text':
      return 'There is no live text this time. The recording goes on, and its text is written when it is stopped.';
    case 'no-wake-lock':
      return 'The screen may go off meanwhile: keep this device from sleeping, or the recording pauses with it.';
  }
}

/** Whether a notice is a matter of course rather than a danger to the recording. */
export function isMild({ kind }: RecordingNotice): boolean {
  return kind === 'no-wake-lock' || kind === 'no-live-text';
}

/** A paragraph's words as running text. */
export function paragraphText({ words }: LiveParagraph): string {
  return words.map(({ text }) => text).join(' ');
}

/** How a recording came in: one sentence each, the worst first. */
export function captureFacts(report: CaptureReport): { text: string; isWarning: boolean }[] {
  const { inputs, sampleRateHz, driftPpm, droppedMs, gaps, pauses, ended } = report;
  const facts: { text: string; isWarning: boolean }[] = [];
  const warn = (text: string) => facts.push({ text, isWarning: true });
  if (ended === 'crashed')
    warn('The recording broke off, and was recovered up to its last second or two.');
  if (ended === 'storage-full') warn('The recording ended because the storage was full.');
  if (ended === 'device-lost') warn('The recording ended when its input was lost.');
  if (gaps > 0)
    warn(
      `${formatMeasured(droppedMs)} of sound never came (${gaps === 1 ? 'one gap' : `${gaps} gaps`}): the device was too busy.`,
    );
  const parts = [
    `Recorded from ${inputs.join(' and ') || 'an unknown input'} at ${(sampleRateHz / 1000).toFixed(1)} kHz`,
    pauses === 0 ? '' : pauses === 1 ? 'paused once' : `paused ${pauses} times`,
    gaps === 0 ? 'no sound was dropped' : '',
    driftText(driftPpm),
  ];
  facts.push({ text: `${parts.filter((part) => part !== '').join(', ')}.`, isWarning: false });
  return facts;
}

/** Clocks differ by some tens of parts per million: that is seconds in a day. */
function driftText(ppm: number | null): string {
  if (ppm === null) return '';
  if (ppm === 0) return 'its clock ran as the computer’s';
  return `its clock ran ${Math.abs(ppm)} ppm ${ppm > 0 ? 'faster' : 'slower'} than the computer’s`;
}

/** `0:05`, as a label of a mark. */
export function markName(atMs: number, index: number): string {
  return `Mark ${index + 1} at ${formatClock(atMs)}`;
}
