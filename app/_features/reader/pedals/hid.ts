import type { Report } from './pedal';

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
export function onPluggedIn(hid: Hid, signal: AbortSignal, add: (device: HidDevice) => void): void {
  hid.addEventListener('connect', (event) => add((event as HidConnectionEvent).device), { signal });
}
