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
import { deviceName } from './device-facts';
import { t } from './messages';
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
      <h3 className="font-medium text-sm">{t('signedInOn')}</h3>
      {error && !devices && <QueryProblem error={error} onRetry={() => void refetch()} />}
      <ul aria-label={t('devices')} className="mt-1 divide-y divide-line">
        {devices?.map((device) => (
          <Device
            key={device.id}
            device={device}
            onEnd={() =>
              void end(
                () => endSession(device.id),
                t('deviceSignedOut', { device: deviceName(device.device) }),
              )
            }
          />
        ))}
      </ul>
      {devices && devices.length > 1 && (
        <Button
          className="mt-2"
          onClick={() => void end(endOtherSessions, t('signedOutElsewhere'))}
        >
          {t('signOutElsewhere')}
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
          {' · '}
          {device.current
            ? t('thisDevice')
            : t('lastUsed', { date: formatDate(device.lastSeenAt) })}
        </span>
      </span>
      {!device.current && (
        <Button
          tone="quiet"
          className="last:-me-3.5"
          aria-label={t('signOutDevice', { name })}
          aria-describedby={`device-${device.id}`}
          onClick={onEnd}
        >
          {t('signOut')}
        </Button>
      )}
    </li>
  );
}
