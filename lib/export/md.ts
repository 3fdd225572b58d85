import type { Transcript } from '@/lib/transcript';
import { factsOf } from './facts';
import type { ExportLabels, ExportOptions } from './options';
import { paragraphsOf } from './paragraphs';
import { prepare } from './prepare';
import { clock } from './time-stamp';

/** Markdown (CommonMark): a title, facts, and paragraphs with speakers in bold. */
export function writeMd(
  transcript: Transcript,
  options: ExportOptions,
  labels: ExportLabels,
): string {
  const prepared = prepare(transcript, options);
  const facts = factsOf(prepared, labels).map(
    ({ name, value }) => `- ${escapeMarkdown(name)}: ${escapeMarkdown(value)}`,
  );
  const blocks = paragraphsOf(prepared).flatMap(({ startMs, turn, text, bookmarks }) => [
    ...bookmarks.map(
      ({ atMs, label }) =>
        `> ${escapeMarkdown(`${labels.bookmark} ${clock(atMs)}${label === '' ? '' : `: ${label}`}`)}`,
    ),
    [
      turn === null ? '' : `**${escapeMarkdown(turn)}:** `,
      options.times ? `\\[${clock(startMs)}\\] ` : '',
      escapeMarkdown(text),
    ].join(''),
  ]);
  const title = `# ${escapeMarkdown(transcript.title) || labels.transcript}`;
  return `${[title, facts.join('\n'), ...blocks].join('\n\n')}\n`;
}

/** Text as text: what Markdown, or HTML in it, would take for markup is escaped. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>#|~&]/g, '\\$&')
    .replace(/^([+-]|\d+[.)])(?=\s|$)/, (list) => `${list.slice(0, -1)}\\${list.slice(-1)}`)
    .replace(/^=/, '\\=');
}
