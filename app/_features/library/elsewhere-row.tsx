'use client';

import { memo } from 'react';
import type { RemoteTranscriptRecord } from '@/lib/client/store';
import { deleteFromAll } from './commands';
import { RowFrame } from './row-frame';

/** One transcript of another device, in the library. */
export const ElsewhereRow = memo(function ElsewhereRow({
  record,
  madeAt,
}: {
  record: RemoteTranscriptRecord;
  madeAt: string | undefined;
}) {
  const { id, title } = record;
  return (
    <RowFrame
      facts={record}
      madeAt={madeAt}
      isElsewhere
      onDelete={() => void deleteFromAll(id, title)}
    />
  );
});
