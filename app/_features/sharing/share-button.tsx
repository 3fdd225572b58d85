'use client';

import { Share2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/app/_features/ui';
import type { TranscriptRecord } from '@/lib/client/store';
import { t } from './messages';
import { ShareDialog } from './share-dialog';

/** Opens the links to a transcript. */
export function ShareButton({ record }: { record: TranscriptRecord }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<Share2 aria-hidden size={16} />} onClick={() => setOpen(true)}>
        {t('share')}
      </Button>
      {open && <ShareDialog record={record} onClose={() => setOpen(false)} />}
    </>
  );
}
