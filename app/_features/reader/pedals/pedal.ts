'use client';

import { useEffect } from 'react';
import type { Settings } from '@/lib/client/store';
import { useReader, useTools } from '../context';
import { type Hold, type Playback, playWhileHeld, repeatWhileHeld, SKIP_MS } from '../playback';

// WebHID (https://wicg.github.io/webhid/) as far as it is used here: TypeScript's library leaves it out

interface HidReportEvent extends Event {
  readonly reportId: number;
  readonly data: DataView;
}

export interface HidDevice extends EventTarget {
  readonly opened: boolean;
  readonly vendorId: number;
  readonly productId: number;
  readonly productName: string;
  open(): Promise<void>;
  close(): Promise<void>;
}

interface HidConnectionEvent extends Event {
  readonly device: HidDevice;
}

interface Hid extends EventTarget {
  getDevices(): Promise<HidDevice[]>;
  requestDevice(options: { filters: [] }): Promise<HidDevice[]>;
}

/** WebHID; `null` in browsers without it. */
export function webHid(): Hid | null {
  // as declared above
  return (navigator as Navigator & { hid?: Hid }).hid ?? null;
}

/** Opens a device and listens to its reports until `signal` aborts. @throws what the browser says */
export async function listen(
  device: HidDevice,
  signal: AbortSignal,
  onReport: (report: Report) => void,
): Promise<void> {
  device.addEventListener(
    'inputreport',
    (event) => {
      const { reportId, data } = event as HidReportEvent; // the type of this event
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      onReport({ id: reportId, bytes: bytes.slice() });
    },
    { signal },
  );
  if (!device.opened) await device.open();
}

/** Calls back for each device that is plugged in and was allowed before. */
function onPluggedIn(hid: Hid, signal: AbortSignal, add: (device: HidDevice) => void): void {
  hid.addEventListener('connect', (event) => add((event as HidConnectionEvent).device), { signal });
}

/** The buttons of a foot pedal, the same on all that transcribers use. */
const PEDAL_BUTTONS = ['left', 'centre', 'right'] as const;

type PedalButton = (typeof PEDAL_BUTTONS)[number];

/** What was learnt about a device. */
export type PedalMap = Settings['pedals'][number];

/** How a device reports a button: it is down while these bits of the byte have this value. */
type ButtonBits = PedalMap['buttons'][PedalButton];

/** An input report of a device. */
interface Report {
  id: number;
  bytes: Uint8Array;
}

/**
 * The buttons that are down.
 * @param before those that were down: a device with several kinds of report states each button in only one of them
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
    // some devices first send a report with no button down
    const isRest = report.bytes.every((byte) => byte === 0);
    return isRest ? learning : { learnt, down: report };
  }
  const byte = down.bytes.findIndex((value, at) => value !== report.bytes[at]);
  // the device repeats its last report
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

/** What a pedal does: held in the centre it plays, and the others go back and forward. */
export function pedalHolds(playback: Playback): Record<PedalButton, Hold> {
  return {
    left: repeatWhileHeld(() => playback.skip(-SKIP_MS)),
    centre: playWhileHeld(playback),
    right: repeatWhileHeld(() => playback.skip(SKIP_MS)),
  };
}

/** Turns the reports of a pedal into presses and releases. */
export function reportReader(map: PedalMap, holds: Record<PedalButton, Hold>) {
  let down: ReadonlySet<PedalButton> = new Set();
  const change = (next: ReadonlySet<PedalButton>) => {
    for (const button of PEDAL_BUTTONS) {
      if (next.has(button) === down.has(button)) continue;
      if (next.has(button)) holds[button].press();
      else holds[button].release();
    }
    down = next;
  };
  return {
    read: (report: Report) => change(pressedButtons(map, report, down)),
    /** It is unplugged, or the page is left. */
    release: () => change(new Set()),
  };
}

/** Of several open pages, only the last used one plays. */
const IN_USE = 'ai2text:pedal';

/**
 * Controls the player with every pedal that was learnt and is, or will be, plugged in.
 * @param maps what was learnt
 * @param signal aborted when the page is left
 */
export async function playByPedals(
  maps: readonly PedalMap[],
  playback: Playback,
  signal: AbortSignal,
): Promise<void> {
  const hid = webHid();
  if (!hid || maps.length === 0) return;
  let isInUse = true;
  const channel = new BroadcastChannel(IN_USE);
  const use = () => {
    isInUse = true;
    channel.postMessage(null);
  };
  channel.addEventListener('message', () => {
    isInUse = false;
  });
  window.addEventListener('focus', use, { signal });
  signal.addEventListener('abort', () => channel.close());
  if (document.hasFocus()) use();
  const holds = pedalHolds(playback);
  const add = (device: HidDevice) => {
    const map = maps.find(
      ({ vendorId, productId }) => vendorId === device.vendorId && productId === device.productId,
    );
    if (!map || signal.aborted) return;
    const reader = reportReader(map, holds);
    signal.addEventListener('abort', () => reader.release());
    listen(device, signal, (report) => {
      if (isInUse) reader.read(report);
      else reader.release();
    }).catch((error: unknown) => {
      // nobody asked for it just now: the dialog says it when the pedal is connected there
      console.warn('The foot pedal could not be opened', error);
    });
  };
  onPluggedIn(hid, signal, add);
  for (const device of await hid.getDevices()) add(device);
}

/** Plays by the foot pedals that were learnt, while the page is open. */
export function usePedals(): void {
  const { playback } = useTools();
  const pedals = useReader((state) => state.pedals);
  useEffect(() => {
    const scope = new AbortController();
    playByPedals(pedals, playback, scope.signal).catch((error: unknown) =>
      // the dialog says it when a pedal is connected there
      console.warn('Foot pedals cannot be read', error),
    );
    return () => scope.abort();
  }, [pedals, playback]);
}
