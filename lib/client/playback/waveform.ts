import type { PeaksRecord } from '@/lib/client/store';
import { PEAKS_PER_SECOND } from '@/lib/engine/audio';

/** The pieces of a waveform as one array, a value for each step of time; what is missing is 0. */
export function joinPeaks(pieces: readonly PeaksRecord[], durationMs: number): Uint8Array {
  const end = pieces.reduce((far, piece) => Math.max(far, piece.firstPeak + piece.peaks.length), 0);
  const all = new Uint8Array(Math.max(end, Math.ceil((durationMs / 1000) * PEAKS_PER_SECOND)));
  // a resumed run may begin inside a peak that is stored already: the louder value is the whole one
  for (const { firstPeak, peaks } of pieces)
    peaks.forEach((peak, at) => {
      all[firstPeak + at] = Math.max(all[firstPeak + at] ?? 0, peak);
    });
  return all;
}

/**
 * The loudest peak under each of `count` columns, 0 to 255.
 * @param from the first peak that is shown, and `to` the first one that is not: fractions divide one
 */
export function columnsOf(
  peaks: Uint8Array,
  count: number,
  from = 0,
  to = peaks.length,
): Uint8Array {
  const columns = new Uint8Array(count);
  const edge = (column: number) => Math.floor(from + (column * (to - from)) / count);
  for (let column = 0; column < count; column += 1) {
    const first = edge(column);
    const end = Math.max(first + 1, edge(column + 1));
    let loudest = 0;
    for (let at = first; at < end; at += 1) loudest = Math.max(loudest, peaks[at] ?? 0);
    columns[column] = loudest;
  }
  return columns;
}

/** Width and gap of a bar of the waveform, in CSS pixels. */
const BAR_PX = 2;
const GAP_PX = 1;

/**
 * Draws a part of the waveform over the whole canvas, in the canvas's own text colour.
 * @param part from where to where, as shares of the recording
 */
export function drawWaveform(
  canvas: HTMLCanvasElement,
  peaks: Uint8Array,
  { from, to } = { from: 0, to: 1 },
): void {
  const context = canvas.getContext('2d');
  const { clientWidth, clientHeight } = canvas;
  if (!context || clientWidth === 0) return;
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(clientWidth * scale);
  canvas.height = Math.round(clientHeight * scale);
  context.scale(scale, scale);
  context.fillStyle = getComputedStyle(canvas).color;
  const columns = columnsOf(
    peaks,
    Math.floor(clientWidth / (BAR_PX + GAP_PX)),
    from * peaks.length,
    to * peaks.length,
  );
  columns.forEach((peak, at) => {
    const height = Math.max(1, (peak / 255) * clientHeight);
    context.fillRect(at * (BAR_PX + GAP_PX), (clientHeight - height) / 2, BAR_PX, height);
  });
}
