'use client';

import { useEffect, useState } from 'react';
import { stayAwake } from '@/lib/client/captions';

/** Keeps the screen on while `wanted`. @returns whether it may turn off all the same */
export function useAwake(wanted: boolean): boolean {
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    if (!wanted) return;
    let release: (() => void) | null = null;
    let over = false;
    stayAwake().then(
      (sleep) => {
        if (over) sleep();
        else release = sleep;
      },
      () => setRefused(true), // an old browser, or a low battery
    );
    return () => {
      over = true;
      release?.();
      setRefused(false);
    };
  }, [wanted]);
  return refused;
}
