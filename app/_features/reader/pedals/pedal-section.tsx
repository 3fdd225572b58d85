'use client';

import { useEffect, useRef, useState } from 'react';
import { Button } from '@/app/_features/ui';
import { useReader, useTools } from '../context';
import { t } from '../messages';
import {
  type HidDevice,
  type Learning,
  learn,
  learntMap,
  listen,
  NOTHING_LEARNT,
  nextButton,
  webHid,
} from './pedal';

type State =
  | { kind: 'idle' }
  | { kind: 'learning'; device: HidDevice; learning: Learning }
  | { kind: 'ready'; name: string }
  | { kind: 'refused'; why: 'forbidden' | 'notOpened' };

/** Connects a foot pedal that is not a keyboard, where the browser can; its buttons are learnt once. */
export function PedalSection() {
  const { source, reader } = useTools();
  const pedals = useReader((state) => state.pedals);
  const [state, setState] = useState<State>({ kind: 'idle' });
  const scope = useRef<AbortController | null>(null);
  /** What was known before this one was to be learnt again; `null`: nothing is being learnt. */
  const before = useRef<typeof pedals | null>(null);
  useEffect(
    () => () => {
      scope.current?.abort();
      if (before.current) reader.setState({ pedals: before.current });
    },
    [reader],
  );
  const hid = webHid();
  if (!hid) return null;

  const keep = (next: typeof pedals) => {
    reader.setState({ pedals: next });
    source.keep({ pedals: next });
  };
  const connect = async () => {
    scope.current?.abort();
    scope.current = new AbortController();
    const { signal } = scope.current;
    try {
      const [device] = await hid.requestDevice({ filters: [] });
      // closed without a choice
      if (!device) return;
      const others = pedals.filter(
        ({ vendorId, productId }) => vendorId !== device.vendorId || productId !== device.productId,
      );
      // what it did before would happen while it is learnt
      before.current ??= pedals;
      reader.setState({ pedals: others });
      let learning = NOTHING_LEARNT;
      setState({ kind: 'learning', device, learning });
      await listen(device, signal, (report) => {
        learning = learn(learning, report);
        const map = learntMap(learning, device);
        if (map) {
          scope.current?.abort();
          before.current = null;
          keep([...others, map]);
          setState({ kind: 'ready', name: device.productName });
        } else setState({ kind: 'learning', device, learning });
      });
    } catch (error) {
      const isForbidden = error instanceof DOMException && error.name === 'SecurityError';
      setState({ kind: 'refused', why: isForbidden ? 'forbidden' : 'notOpened' });
      if (!isForbidden) console.warn('The foot pedal could not be opened', error);
    }
  };

  const button = state.kind === 'learning' ? nextButton(state.learning) : null;
  return (
    <section className="mt-6 space-y-3 text-sm">
      <h3 className="font-medium">{t('footPedal')}</h3>
      <p className="text-muted">{t('footPedalHint')}</p>
      <div role="status">
        {state.kind === 'learning' && button && (
          <p className="rounded-lg bg-accent-soft p-2">{t(`pedal.press.${button}`)}</p>
        )}
        {state.kind === 'ready' && <p>{t('pedal.ready', { name: state.name })}</p>}
        {state.kind === 'refused' && (
          <p className="rounded-lg bg-warn-soft p-2">{t(`pedal.${state.why}`)}</p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => void connect()}>{t('connectPedal')}</Button>
        {pedals.length > 0 && state.kind !== 'learning' && (
          <Button
            tone="quiet"
            onClick={() => {
              keep([]);
              setState({ kind: 'idle' });
            }}
          >
            {t('forgetPedals')}
          </Button>
        )}
      </div>
    </section>
  );
}
