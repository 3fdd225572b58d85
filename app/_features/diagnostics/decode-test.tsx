'use client';

import { useState } from 'react';
import { decodeText } from '@/app/_features/account';
import { getApp } from '@/app/_features/app';
import { ACCEPT, errorSentence, formatMeasured, Panel } from '@/app/_features/ui';
import { toAppError } from '@/lib/core';
import { t } from './messages';

/** The page is told of progress at most this often, in ms. */
const TELL_EVERY_MS = 200;

/** Decodes a file to see how fast this device does it; nothing of it is kept. */
export function DecodeTest() {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);

  const measure = async (file: File) => {
    setBusy(true);
    setText(t('decoding', { name: file.name }));
    let toldAt = 0;
    try {
      const measured = await getApp().measureDecoding(file, (audioMs) => {
        const now = performance.now();
        if (now - toldAt < TELL_EVERY_MS) return;
        toldAt = now;
        setText(t('decodedSoFar', { name: file.name, audio: formatMeasured(audioMs) }));
      });
      setText(decodeText(measured));
    } catch (error) {
      setText(errorSentence(toAppError(error).code));
    }
    setBusy(false);
  };

  return (
    <Panel split title={t('speed')}>
      <label className="block text-sm">
        <span className="mb-1.5 block font-medium">{t('measureDecoding')}</span>
        <input
          type="file"
          accept={ACCEPT}
          disabled={busy}
          className="block w-full rounded-lg border border-line bg-surface p-1 text-sm file:me-3 file:min-h-10 file:rounded-md file:border-0 file:bg-sunken file:px-3 file:text-ink"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = '';
            if (file) void measure(file);
          }}
        />
      </label>
      <p role="status" className="mt-3 min-h-6 text-sm tabular-nums">
        {text}
      </p>
    </Panel>
  );
}
