import { textAttributes } from '@/lib/core';
import type { ChangedPlace } from '@/lib/transcript';
import { csvText } from './csv';
import { htmlPage } from './html';
import { clock, seconds } from './time-stamp';
import { escapeXml } from './xml';

/** A place that was corrected, and its newest edit. */
export interface ReportedChange extends Pick<ChangedPlace, 'startMs' | 'endMs' | 'differences'> {
  /** ISO 8601; empty where it is not known, as is the name of the person who made the edit. */
  at: string;
  by: string;
}

/** What a transcript was corrected to, beside what was recognised. */
export interface ChangeReport {
  title: string;
  /** What was spoken, BCP 47. */
  language: string;
  changes: readonly ReportedChange[];
}

/** Words that a report puts around the text, in the language of the page. */
export interface ReportLabels {
  /** BCP 47. */
  language: string;
  changes: string;
  recognised: string;
  corrected: string;
  /** When a place was changed, and by whom where that is known. */
  changed: (change: ReportedChange) => string;
}

const STYLE = `
body { max-width: 64rem; }
section { border-bottom: 1px solid var(--line); padding: 0.75rem 0; break-inside: avoid; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem; }
h2, h3 { color: var(--muted); font: 0.875rem/1.5 system-ui, sans-serif; margin: 0; }
p { margin: 0.25rem 0; }
ins { font-weight: 600; }
@media (max-width: 40rem) { .sides { grid-template-columns: 1fr; } }
`;

/** An HTML page with each place as it was recognised and as it was corrected, the differences marked. */
export function writeChangeReport(report: ChangeReport, labels: ReportLabels): string {
  const { title, language, changes } = report;
  const text = textAttributes(
    changes.flatMap(({ differences }) => differences.flatMap(({ now }) => now)),
    language,
  );
  const spoken = `${text.lang === '' ? '' : ` lang="${escapeXml(text.lang)}"`} dir="${text.dir}"`;
  const body = changes.map((change) => {
    const side = (label: string, words: 'recognised' | 'now', mark: 'del' | 'ins') =>
      `<div><h3>${escapeXml(label)}</h3><p${spoken}>${change.differences
        .filter((difference) => difference[words].length > 0)
        .map((difference) => {
          const said = escapeXml(difference[words].join(' '));
          return difference.isSame ? said : `<${mark}>${said}</${mark}>`;
        })
        .join(' ')}</p></div>`;
    const when = labels.changed(change);
    return `<section>
<h2><time datetime="PT${seconds(change.startMs)}S">${clock(change.startMs)}</time>${when === '' ? '' : ` · ${escapeXml(when)}`}</h2>
<div class="sides">
${side(labels.recognised, 'recognised', 'del')}
${side(labels.corrected, 'now', 'ins')}
</div>
</section>`;
  });
  return htmlPage(
    `${title} · ${labels.changes}`,
    textAttributes([labels.changes], labels.language),
    body.join('\n'),
    STYLE,
  );
}

/** Comma-separated values: a row for every difference, with the times of its place. */
export function writeChangeTable({ changes }: ChangeReport): string {
  const header = ['start', 'start_ms', 'end_ms', 'recognised', 'corrected', 'changed_at'];
  const rows = changes.flatMap(({ startMs, endMs, differences, at, by }) =>
    differences
      .filter(({ isSame }) => !isSame)
      .map(({ recognised, now }) => [
        clock(startMs),
        String(startMs),
        String(endMs),
        recognised.join(' '),
        now.join(' '),
        at,
        by,
      ]),
  );
  return csvText([[...header, 'changed_by'], ...rows]);
}
