'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { type DeviceFact, decodeText, deviceFacts } from '@/app/_features/account';
import { getApp, queryKeys } from '@/app/_features/app';
import { usePageTitle } from '@/app/_features/i18n';
import { ACCEPT, CopyReport, errorSentence, formatMeasured, Panel } from '@/app/_features/ui';
import { toAppError } from '@/lib/core';
import { t } from './messages';

/** What this browser can do, for the user and for a report of a problem. */
export function DiagnosticsPage({ versions }: { versions: Record<string, string> }) {
  usePageTitle(t('checkDevice'));
  const { data: facts } = useQuery({
    queryKey: queryKeys.device,
    queryFn: deviceFacts,
    staleTime: 0,
  });
  const built = Object.entries(versions).map(([name, value]) => ({ name, value }));
  return (
    <div className="space-y-10 pt-2 sm:pt-6">
      <h1 className="text-2xl sm:text-3xl">{t('checkDevice')}</h1>
      <Panel
        split
        title={t('whatItCanDo')}
        aside={
          facts && (
            <div className="-mx-3.5">
              <CopyReport report={() => JSON.stringify({ facts, versions }, null, 2)} />
            </div>
          )
        }
      >
        <table className="w-full text-start text-sm">
          <thead className="sr-only">
            <tr>
              <th>{t('part')}</th>
              <th>{t('state')}</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {facts?.map((fact) => (
              <FactRow key={fact.name} fact={fact} />
            ))}
            {built.map(({ name, value }) => (
              <FactRow key={name} fact={{ name, value, good: null, note: null }} />
            ))}
          </tbody>
        </table>
      </Panel>
      <DecodeTest />
    </div>
  );
}

function FactRow({ fact: { name, value, good, note } }: { fact: DeviceFact }) {
  return (
    <tr className="align-top">
      <th scope="row" className="w-2/5 py-2.5 pe-3 text-start font-medium">
        <span className="flex items-start gap-2">
          {good !== null && <Verdict good={good} />}
          {name}
        </span>
      </th>
      <td className="py-2.5 [overflow-wrap:anywhere]">
        {value}
        {note !== null && <span className="block text-muted">{note}</span>}
      </td>
    </tr>
  );
}

function Verdict({ good }: { good: boolean }) {
  const Icon = good ? CircleCheck : TriangleAlert;
  return (
    <Icon
      aria-label={good ? t('good') : t('notGood')}
      size={16}
      className={`mt-0.5 shrink-0 ${good ? 'text-accent' : 'text-warn'}`}
    />
  );
}

/** Progress is reported to the page at most this often, in ms. */
const REPORT_EVERY_MS = 200;

/** Decodes a file to see how fast this device does it; nothing of it is kept. */
function DecodeTest() {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);

  const measure = async (file: File) => {
    setBusy(true);
    setText(t('decoding', { name: file.name }));
    let reportedAt = 0;
    try {
      const measured = await getApp().measureDecoding(file, (audioMs) => {
        const now = performance.now();
        if (now - reportedAt < REPORT_EVERY_MS) return;
        reportedAt = now;
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
