'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { type DeviceFact, deviceFacts } from '@/app/_features/account';
import { queryKeys } from '@/app/_features/app';
import { usePageTitle } from '@/app/_features/i18n';
import { CopyReport, Panel } from '@/app/_features/ui';
import { DecodeTest } from './decode-test';
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
        aside={facts && <CopyReport report={() => JSON.stringify({ facts, versions }, null, 2)} />}
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
      <th scope="row" className="w-2/5 py-2.5 pe-3 font-medium">
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
