'use client';

import { useEffect } from 'react';
import { useReader, useTools } from '../context';
import { playByPedals } from './pedal-player';

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
