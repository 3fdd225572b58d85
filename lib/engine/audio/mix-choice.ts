import { pairCount, type SpanStatistics } from './channel-statistics';
import { downmixWeights } from './downmix';

/**
 * Loud and quiet frames, as shares of all: speech is loud in words and quiet between them, so that
 * the range from one to the other (the contrast) says how far it stands out from other sound.
 */
const LOUD_SHARE = 0.98;
const QUIET_SHARE = 0.1;

/** Noise that stays as it is has less contrast than this, in dB. */
const STEADY_DB = 6;
/** A channel that stands this far out of the noise may be speech. */
const CLEAR_DB = 14;
/** What leaving out steady noise must gain, in dB. */
const GAIN_DB = 3;
/** In a mix of more contrast nothing but steady noise is worth leaving out. */
const GOOD_DB = 25;
/** Less contrast than the best channel by this much: music, say, beside speech. */
const WORSE_DB = 15;
/** What is not sure to be noise stays in, this quiet: a far voice is still understood alone. */
const FAINT = 1 / 8;
/** Channels this much below the loudest one count for nothing. */
const SILENT_RATIO = 1e-4;
/** What the surroundings count for in the choice of signs where the span itself is not silent. */
const FAR_SHARE = 1 / 64;
/** Channels whose correlation is below this would cancel each other. */
const OPPOSITE = -0.4;

/** Sound whose loud frames are between these is made louder, in dB of full scale... */
const NO_LEVEL_DB = -102;
const FAINT_LEVEL_DB = -60;
/** ...up to about this, but never by more than `MAX_GAIN_DB`. */
const RAISED_LEVEL_DB = -32;
const MAX_GAIN_DB = 66;
/** Gains are powers of 2, which change no digit of a sample. */
const GAIN_STEP_DB = 20 * Math.log10(2);

/** Below the last bit of 24. */
const NOTHING = 1e-15;

/**
 * The weight of each channel in the mono mix of a span, from what its surroundings are like. The
 * usual weights stay wherever they do no harm. Channels of opposite phase are turned, so that they
 * do not cancel; where the usual mix buries what stands out of the noise in one channel, channels
 * of steady noise are left out and those of other sound (music, a voice in noise) are turned down.
 * Speech too faint for the networks is made louder.
 * @param around spans in order, the span itself among them
 * @param near those of them right around the span: phase can change from one moment to the next
 */
export function chooseWeights(
  around: readonly SpanStatistics[],
  near: readonly SpanStatistics[],
  channels: number,
): readonly number[] {
  const levels = channelLevels(around, channels);
  let weights: readonly number[] = [1];
  if (channels > 1) {
    const usual = withSigns(audibleShares(levels), around, near);
    weights = withoutNoise(usual, levels, around);
  }
  const gain = faintGain(levelOf(mixPowers(around, weights)));
  return gain === 1 ? weights : weights.map((weight) => weight * gain);
}

/** The usual weights; those of the LFE where it alone holds any sound. */
function audibleShares(levels: readonly Level[]): readonly number[] {
  const shares = downmixWeights(levels.length);
  const loudest = (isUsed: boolean) =>
    Math.max(0, ...levels.map(({ loud }, i) => ((shares[i] !== 0) === isUsed ? loud : 0)));
  return loudest(true) >= loudest(false) * SILENT_RATIO
    ? shares
    : shares.map((share) => (share === 0 ? 1 : 0));
}

/** Turns channels that are the opposite of what was added before them. */
function withSigns(
  weights: readonly number[],
  around: readonly SpanStatistics[],
  near: readonly SpanStatistics[],
): readonly number[] {
  const channels = weights.length;
  const sums = new Float64Array(pairCount(channels));
  addUp(sums, around, FAR_SHARE);
  addUp(sums, near, 1);
  const signed: number[] = new Array<number>(channels).fill(0);
  for (let channel = 0; channel < channels; channel++) {
    const own = weights[channel] ?? 0;
    const together = mixPower(sums, 0, signed);
    signed[channel] = own;
    const power = own * own * (sums[pairIndex(channels, channel, channel)] ?? 0);
    const common = (mixPower(sums, 0, signed) - together - power) / 2;
    if (common < OPPOSITE * Math.sqrt(together * power)) signed[channel] = -own;
  }
  return signed;
}

function addUp(sums: Float64Array, spans: readonly SpanStatistics[], weight: number): void {
  const pairs = sums.length;
  for (const { products, frames } of spans)
    for (let frame = 0; frame < frames; frame++)
      for (let pair = 0; pair < pairs; pair++)
        sums[pair] = (sums[pair] ?? 0) + weight * (products[frame * pairs + pair] ?? 0);
}

/** Leaves noise out of a mix in which it buries what stands out in some channels. */
function withoutNoise(
  weights: readonly number[],
  levels: readonly Level[],
  around: readonly SpanStatistics[],
): readonly number[] {
  const loudest = Math.max(...levels.map(({ loud }) => loud));
  const best = Math.max(
    ...levels.map(({ loud, contrast }, i) =>
      weights[i] !== 0 && loud > loudest * SILENT_RATIO ? contrast : 0,
    ),
  );
  if (best < CLEAR_DB) return weights;
  const contrastOf = (mix: readonly number[]) => levelOf(mixPowers(around, mix)).contrast;
  let [chosen, contrast] = [weights, contrastOf(weights)];
  const tryOut = (isWorse: (level: Level) => boolean, share: number) => {
    if (!levels.some((level, i) => chosen[i] !== 0 && isWorse(level))) return;
    const other = chosen.map((weight, i) => {
      const level = levels[i];
      return level && isWorse(level) ? weight * share : weight;
    });
    const otherContrast = contrastOf(other);
    if (otherContrast >= contrast + GAIN_DB) [chosen, contrast] = [other, otherContrast];
  };
  tryOut((level) => level.contrast < STEADY_DB && level.loud > loudest * SILENT_RATIO, 0);
  if (contrast < GOOD_DB) tryOut((level) => level.contrast < best - WORSE_DB, FAINT);
  if (chosen === weights) return weights;
  const sum = chosen.reduce((total, weight) => total + Math.abs(weight), 0);
  return chosen.map((weight) => weight / sum);
}

/** What faint speech is multiplied by; 1 for anything else. */
function faintGain({ loud, contrast }: Level): number {
  const levelDb = 10 * Math.log10(loud + NOTHING);
  // steady noise is not speech, however faint
  if (levelDb < NO_LEVEL_DB || levelDb >= FAINT_LEVEL_DB || contrast < CLEAR_DB) return 1;
  const gainDb = Math.min(MAX_GAIN_DB, RAISED_LEVEL_DB - levelDb);
  return 2 ** Math.floor(gainDb / GAIN_STEP_DB);
}

interface Level {
  /** Power of the loud frames. */
  loud: number;
  /** Of loud over quiet frames, in dB. */
  contrast: number;
}

function channelLevels(around: readonly SpanStatistics[], channels: number): Level[] {
  const pairs = pairCount(channels);
  return Array.from({ length: channels }, (_, channel) => {
    const own = pairIndex(channels, channel, channel);
    return levelOf(eachFrame(around, (products, frame) => products[frame * pairs + own] ?? 0));
  });
}

/** The power of a mix, frame by frame. */
function mixPowers(around: readonly SpanStatistics[], weights: readonly number[]): Float64Array {
  const pairs = pairCount(weights.length);
  return eachFrame(around, (products, frame) => mixPower(products, frame * pairs, weights));
}

function eachFrame(
  around: readonly SpanStatistics[],
  power: (products: Float64Array, frame: number) => number,
): Float64Array {
  const powers = new Float64Array(around.reduce((total, { frames }) => total + frames, 0));
  let at = 0;
  for (const { products, frames } of around)
    for (let frame = 0; frame < frames; frame++) powers[at++] = power(products, frame);
  return powers;
}

function mixPower(products: Float64Array, from: number, weights: readonly number[]): number {
  let power = 0;
  let at = from;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0;
    for (let j = i; j < weights.length; j++, at++) {
      if (weight === 0) continue;
      const product = weight * (weights[j] ?? 0) * (products[at] ?? 0);
      power += i === j ? product : 2 * product;
    }
  }
  return Math.max(0, power);
}

function levelOf(powers: Float64Array): Level {
  const sorted = powers.slice().sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const loud = at(LOUD_SHARE);
  const contrast = 10 * Math.log10((loud + NOTHING) / (at(QUIET_SHARE) + NOTHING));
  return { loud, contrast };
}

function pairIndex(channels: number, i: number, j: number): number {
  return i * channels - (i * (i - 1)) / 2 + (j - i);
}
