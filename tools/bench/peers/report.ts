// What the comparison says: lines as they come, and figures for the report.
import type { Backend } from '../../../lib/engine/types';
import { type Better, type Figure, figure, missing } from '../figures';
import type { Loaded } from './protocol';
import type { Reading, SideSpeed, SpeedResult } from './speed';

const PEER = 'transformers.js 4.3.1';
const TARGET = 1;
const TARGET_GROWTH = 1.05;

/** Both sides' times of one row. */
export function printSpeed(
  label: string,
  { loaded, ours, transformers, equalWindows, texts }: SpeedResult,
): void {
  const times = (side: SideSpeed) =>
    `${side.rtf.toFixed(3)} of real time; a window: features ${side.featuresMs.toFixed(0)} ms, ` +
    `encoder ${side.encoderMs.toFixed(0)} ms, decoder ${side.decoderMs.toFixed(0)} ms ` +
    `(${side.decoderRunsMs.toFixed(0)} ms in the network), ${side.tokens / side.windows} tokens, ` +
    `${side.cpuMs.toFixed(0)} ms of processor time`;
  console.log(`${label}, ${ours.windows} windows of 30 s`);
  console.log(`  ours             ${times(ours)}; ${runtimeOf(loaded.ours)}`);
  console.log(`  transformers.js  ${times(transformers)}; ${runtimeOf(loaded.transformers)}`);
  console.log(`  end to end ${(transformers.rtf / ours.rtf).toFixed(2)} times as fast`);
  if (equalWindows < 1)
    console.log(
      `  WARNING: the same tokens in ${(100 * equalWindows).toFixed(0)} % of the windows`,
    );
  if (process.env.MODEL_DIR)
    for (const [our, their] of texts) console.log(`  ours:  ${our}\n  their: ${their}`);
}

function runtimeOf({ version, runtime, ms }: Loaded): string {
  return `${version}, ${runtime}, loaded in ${(ms / 1000).toFixed(1)} s`;
}

/** A figure of both sides. */
interface Measure {
  key: 'rtf' | 'tokensPerSecond' | 'encoderMs';
  metric: string;
  unit: string;
  better: Better;
}

const MEASURES: readonly Measure[] = [
  { key: 'rtf', metric: 'real-time factor, end to end', unit: 's/s', better: 'lower' },
  { key: 'tokensPerSecond', metric: 'decoder', unit: 'tokens/s', better: 'higher' },
  { key: 'encoderMs', metric: 'encoder', unit: 'ms/window', better: 'lower' },
];

/** Figures of one row, each with its ratio. */
export function speedFigures(
  label: string,
  { ours, transformers, equalWindows }: SpeedResult,
  endToEndTarget: number,
): Figure[] {
  const figures = MEASURES.flatMap(({ key, metric, unit, better }) => {
    const value = ours[key];
    const theirs = transformers[key];
    const ratio = better === 'lower' ? theirs / value : value / theirs;
    return [
      withPeer(figure('peers', `${label}: ${metric}`, value, unit, better), theirs),
      figure(
        'peers',
        `${label}: ${metric}, times as good as ${PEER}`,
        ratio,
        'x',
        'higher',
        key === 'rtf' ? endToEndTarget : TARGET,
      ),
    ];
  });
  const same = `${label}: windows with the same tokens`;
  return [...figures, figure('peers', same, 100 * equalWindows, '%', 'higher')];
}

/** The figures of a row that could not be measured. */
export function missingSpeed(label: string, reason: string): Figure[] {
  return MEASURES.map(({ metric, unit, better }) =>
    missing('peers', `${label}: ${metric}`, unit, better, null, reason),
  );
}

/** Both sides' memory of one row. */
export function printMemory(
  label: string,
  ours: readonly Reading[],
  theirs: readonly Reading[],
): void {
  console.log(`${label}: MB above an empty page, held (peak; wasm, GPU buffers)`);
  const mb = (bytes: number) => (bytes / 1e6).toFixed(0);
  const side = (readings: readonly Reading[]) =>
    readings
      .map(
        ({ after, heldMb, peakMb, bytes }) =>
          `after ${after}: ${heldMb.toFixed(0)} (${peakMb.toFixed(0)}; ${mb(bytes.wasm)}, ${mb(bytes.gpu)})`,
      )
      .join(', ');
  console.log(`  ours             ${side(ours)}`);
  console.log(`  transformers.js  ${side(theirs)}`);
}

/** What is held after this many windows. */
type Held = (readings: readonly Reading[], windows: number) => number;

/** Figures of one row of memory. */
export function memoryFigures(
  label: string,
  ours: readonly Reading[],
  theirs: readonly Reading[],
  backend: Backend,
): Figure[] {
  const after = (readings: readonly Reading[], windows: number) =>
    readings.find((reading) => reading.after === windows);
  const held: Held = (readings, windows) => after(readings, windows)?.heldMb ?? 0;
  const gpu: Held = (readings, windows) => after(readings, windows)?.bytes.gpu ?? 0;
  const counts = ours.map((reading) => reading.after);
  const last = counts.at(-1) ?? 0;
  const growth = (of: Held, readings: readonly Reading[]) => of(readings, last) / of(readings, 2);
  const row = (
    metric: string,
    value: number,
    theirValue: number,
    unit: string,
    target: number | null = null,
  ) => withPeer(figure('peers', `${label}: ${metric}`, value, unit, 'lower', target), theirValue);
  const growthRow = (what: string, of: Held) =>
    row(
      `${what}, ${last} windows to 2`,
      growth(of, ours),
      growth(of, theirs),
      'ratio',
      TARGET_GROWTH,
    );
  return [
    ...counts.map((windows) =>
      row(`memory after ${windows}`, held(ours, windows), held(theirs, windows), 'MB'),
    ),
    row('memory, peak', ours.at(-1)?.peakMb ?? 0, theirs.at(-1)?.peakMb ?? 0, 'MB'),
    growthRow('memory', held),
    ...(backend === 'webgpu' ? [growthRow('GPU buffers', gpu)] : []),
  ];
}

function withPeer(ours: Figure, value: number): Figure {
  return { ...ours, peer: { name: PEER, value } };
}
