'use client';

import { LocateFixed } from 'lucide-react';
import { Button } from '@/app/_features/ui';
import { usePlayback, useReader, useTools } from './context';
import { t } from './messages';
import { updateFollow } from './reader-state';

/** The way back to the spoken word after scrolling away from it. */
export function BackToCurrent({ showRow }: { showRow: (row: number) => void }) {
  const { reader } = useTools();
  const away = useReader((state) => state.follow.suspended && state.spokenRow >= 0);
  const playing = usePlayback((state) => state.playing);
  if (!away || !playing) return null;
  return (
    <div className="pointer-events-none fixed inset-x-0 bottom-40 z-20 flex justify-center">
      <Button
        tone="primary"
        icon={<LocateFixed aria-hidden size={16} />}
        className="pointer-events-auto shadow-raised"
        onClick={() => {
          updateFollow(reader, 'returned');
          showRow(reader.getState().spokenRow);
        }}
      >
        {t('backToCurrent')}
      </Button>
    </div>
  );
}
