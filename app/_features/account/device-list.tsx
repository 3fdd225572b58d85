'use client';

import { useEffect, useRef } from 'react';
import {
  attempt,
  Button,
  formatDate,
  keepFocus,
  QueryProblem,
  showToast,
} from '@/app/_features/ui';
import { endOtherSessions, endSession, type SignedInDevice } from './account';
import { deviceName } from './device-name';
import { useDevices, useRefresh } from './use-account';

/** Where the user is signed in; each of them can be signed out from here. */
export function DeviceList() {
  const { data: devices, error, refetch } = useDevices();
  const refresh = useRefresh();
  const region = useRef<HTMLDivElement>(null);
  useEffect(() => (region.current ? keepFocus(region.current) : undefined), []);

  const end = async (step: () => Promise<unknown>, said: string) => {
    const done = await attempt(step);
    await refresh();
    if (done) showToast({ text: said });
  };

  return (
    <div ref={region}>
      <h3 className="font-medium text-sm">Signed in on</h3>
      {error && !devices && <QueryProblem error={error} onRetry={() => void refetch()} />}
      <ul aria-label="Devices" className="mt-1 divide-y divide-line">
        {devices?.map((device) => (
          <Device
            key={device.id}
            device={device}
            onEnd={() =>
              void end(() => endSession(device.id), `${deviceName(device.device)} was signed out.`)
            }
          />
        ))}
      </ul>
      {devices && devices.length > 1 && (
        <Button
          className="mt-2"
          onClick={() => void end(endOtherSessions, 'You are signed out everywhere else.')}
        >
          Sign out everywhere else
        </Button>
      )}
    </div>
  );
}

function Device({ device, onEnd }: { device: SignedInDevice; onEnd: () => void }) {
  const name = deviceName(device.device);
  return (
    <li className="flex flex-wrap items-center gap-x-3 py-1.5 text-sm">
      <span id={`device-${device.id}`} className="min-h-10 min-w-0 flex-1 content-center">
        {name}
        <span className="text-muted">
          {device.current ? ' · this device' : ` · last used ${formatDate(device.lastSeenAt)}`}
        </span>
      </span>
      {!device.current && (
        <Button
          tone="quiet"
          aria-label={`Sign out ${name}`}
          aria-describedby={`device-${device.id}`}
          onClick={onEnd}
        >
          Sign out
        </Button>
      )}
    </li>
  );
}
