import { textAttributes } from '@/lib/core';
import type { Transcript } from '@/lib/transcript';
import { factsOf } from './facts';
import type { ExportLabels, ExportOptions } from './options';
import { paragraphsOf, wordsOfParagraph } from './paragraphs';
import { prepare } from './prepare';
import { clock, seconds } from './time-stamp';
import { escapeXml } from './xml';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1b19; --muted: #63605a; --paper: #fdfcfa; --line: #dedad2; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ebe8e2; --muted: #a8a39a; --paper: #171614; --line: #3a3733; }
}
body { max-width: 42rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; background: var(--paper);
  color: var(--ink); font: 1.0625rem/1.65 Georgia, "Times New Roman", serif; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 1rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0.1rem 1rem; margin: 0 0 2rem;
  padding: 0 0 1rem; border-bottom: 1px solid var(--line); }
dl, time, aside { color: var(--muted); font: 0.875rem/1.5 system-ui, sans-serif; }
dd { margin: 0; }
p { margin: 0 0 1rem; }
strong { font: 600 0.9375rem/1.5 system-ui, sans-serif; }
aside { margin: 0 0 0.5rem; padding-inline-start: 0.75rem; border-inline-start: 3px solid var(--line); }
@media print {
  :root { --ink: #000; --muted: #444; --paper: #fff; --line: #bbb; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  p { orphans: 3; widows: 3; }
  strong, time, aside { break-after: avoid; }
}
`;

/**
 * One HTML file that needs nothing else and runs nothing: it can be read and printed.
 * @param attributes of the page's text
 * @param body HTML below the title
 * @param style CSS beside that of every page
 */
export function htmlPage(
  title: string,
  { lang, dir }: ReturnType<typeof textAttributes>,
  body: string,
  style = '',
): string {
  const heading = escapeXml(title);
  return `<!doctype html>
<html${lang === '' ? '' : ` lang="${escapeXml(lang)}"`} dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${heading}</title>
<style>${STYLE}${style}</style>
</head>
<body>
<h1>${heading}</h1>
${body}
</body>
</html>
`;
}

/**
 * A page that can be read, printed and used by somebody else's page, by the times of its words (`data-start`,
 * `data-end`, in seconds).
 */
export function writeHtml(
  transcript: Transcript,
  options: ExportOptions,
  labels: ExportLabels,
): string {
  const prepared = prepare(transcript, options);
  const attributes = textAttributes(
    prepared.segments.map(({ text }) => text),
    prepared.language,
  );
  const facts = factsOf(prepared, labels)
    .map(({ name, value }) => `<dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd>`)
    .join('\n');
  const body = paragraphsOf(prepared).flatMap((paragraph) => {
    const { startMs, turn, bookmarks } = paragraph;
    const words = wordsOfParagraph(paragraph).map(
      ({ word: { text, startMs: fromMs, endMs }, isSpaced }) =>
        `${isSpaced ? ' ' : ''}<span data-start="${seconds(fromMs)}" data-end="${seconds(endMs)}">${escapeXml(text)}</span>`,
    );
    return [
      ...bookmarks.map(
        ({ atMs, label }) =>
          `<aside>${escapeXml(`${labels.bookmark} ${clock(atMs)}${label === '' ? '' : `: ${label}`}`)}</aside>`,
      ),
      [
        '<p>',
        turn === null ? '' : `<strong>${escapeXml(turn)}</strong> `,
        options.times ? `<time datetime="PT${seconds(startMs)}S">${clock(startMs)}</time> ` : '',
        ...words,
        '</p>',
      ].join(''),
    ];
  });
  return htmlPage(
    transcript.title || labels.transcript,
    attributes,
    `<dl lang="${escapeXml(labels.locale)}">\n${facts}\n</dl>\n${body.join('\n')}`,
  );
}
