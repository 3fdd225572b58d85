import { type Hold, playWhileHeld, repeatWhileHeld } from '../hold';
import { type Playback, SKIP_MS } from '../playback';
import { type HidDevice, listen, onPluggedIn, webHid } from './hid';
import {
  PEDAL_BUTTONS,
  type PedalButton,
  type PedalMap,
  pressedButtons,
  type Report,
} from './pedal';

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

/** Of several pages that are open one plays: the one that was used last. */
const IN_USE = 'ai2text:pedal';

/**
 * Plays by every pedal that was learnt and is, or gets, plugged in.
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
