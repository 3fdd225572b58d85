import type { Settings } from '@/lib/client/store';

/** A foot pedal has these; it is the same on all that transcribers use. */
export const PEDAL_BUTTONS = ['left', 'centre', 'right'] as const;

export type PedalButton = (typeof PEDAL_BUTTONS)[number];

/** What was learnt about a device. */
export type PedalMap = Settings['pedals'][number];

/** How a device reports a button: it is down while these bits of the byte have this value. */
type ButtonBits = PedalMap['buttons'][PedalButton];

/** An input report of a device. */
export interface Report {
  id: number;
  bytes: Uint8Array;
}

/**
 * The buttons that are down.
 * @param before those that were down: a device with several kinds of report says something of each in one only
 */
export function pressedButtons(
  { buttons }: Pick<PedalMap, 'buttons'>,
  report: Report,
  before: ReadonlySet<PedalButton>,
): Set<PedalButton> {
  return new Set(
    PEDAL_BUTTONS.filter((button) => {
      const { reportId, byte, mask, value } = buttons[button];
      if (reportId !== report.id) return before.has(button);
      return ((report.bytes[byte] ?? 0) & mask) === value;
    }),
  );
}

/** What is known while a device is learnt. */
export interface Learning {
  /** In the order of `PEDAL_BUTTONS`. */
  learnt: readonly ButtonBits[];
  /** The report of a button that is down; `null`: none is. */
  down: Report | null;
}

export const NOTHING_LEARNT: Learning = { learnt: [], down: null };

/** Learns from a report: each button is pressed and released, in the order of `PEDAL_BUTTONS`. */
export function learn(learning: Learning, report: Report): Learning {
  const { learnt, down } = learning;
  if (learnt.length === PEDAL_BUTTONS.length) return learning;
  if (down === null || down.id !== report.id) {
    // some devices begin with a report of nothing
    const isRest = report.bytes.every((byte) => byte === 0);
    return isRest ? learning : { learnt, down: report };
  }
  const byte = down.bytes.findIndex((value, at) => value !== report.bytes[at]);
  // the device repeats itself
  if (byte < 0) return learning;
  const [pressed, released] = [down.bytes[byte] ?? 0, report.bytes[byte] ?? 0];
  const mask = pressed ^ released;
  const bits: ButtonBits = { reportId: report.id, byte, mask, value: pressed & mask };
  const isKnown = learnt.some(
    (one) => one.reportId === bits.reportId && one.byte === byte && (one.mask & mask) !== 0,
  );
  return { learnt: isKnown ? learnt : [...learnt, bits], down: null };
}

/** The button to be pressed next; `null`: all are known. */
export function nextButton({ learnt }: Learning): PedalButton | null {
  return PEDAL_BUTTONS[learnt.length] ?? null;
}

/** What was learnt, once it is all. */
export function learntMap(
  { learnt }: Learning,
  { vendorId, productId }: Pick<PedalMap, 'vendorId' | 'productId'>,
): PedalMap | null {
  const [left, centre, right] = learnt;
  return left && centre && right ? { vendorId, productId, buttons: { left, centre, right } } : null;
}
