import { type Transcript, wordsOf } from '@/lib/transcript';
import type { ExportLabels, ExportOptions } from './options';
import { bookmarksOf, prepare } from './prepare';
import { seconds } from './time-stamp';
import { bookmarkSpans, type Span, speakerTracks } from './tracks';
import { escapeXml } from './xml';

/** One tier of the document. */
interface Tier {
  /** Of the speaker table; `null`: of nobody. */
  speaker: string | null;
  /** `v`: what was said; `word`, `bookmark`: as named. */
  category: 'v' | 'word' | 'bookmark';
  /** `t`: transcription, `a`: annotation, `d`: description. */
  type: 't' | 'a' | 'd';
  displayName: string;
  spans: Span[];
}

/** EXMARaLDA's basic transcription (Partitur-Editor): a common timeline and a tier for each speaker. */
export function writeExb(
  transcript: Transcript,
  options: ExportOptions,
  labels: ExportLabels,
): string {
  const prepared = prepare(transcript, options);
  const tracks = speakerTracks(prepared, labels.transcript);
  const tiers = tracks.flatMap(({ name, segments }, at): Tier[] => {
    const speaker = `SPK${at}`;
    const displayName = `${name} [v]`;
    const said: Tier = { speaker, category: 'v', type: 't', displayName, spans: segments };
    if (!options.words) return [said];
    const spans = segments.flatMap((segment): Span[] => wordsOf(segment, segment.words));
    return [said, { speaker, category: 'word', type: 'a', displayName: `${name} [word]`, spans }];
  });
  const bookmarks = bookmarkSpans(bookmarksOf(prepared), labels.bookmark);
  if (bookmarks.length > 0)
    tiers.push({
      speaker: null,
      category: 'bookmark',
      type: 'd',
      displayName: `[${labels.bookmark}]`,
      spans: bookmarks,
    });

  const moments = new Set(tiers.flatMap(({ spans }) => spans.flatMap((s) => [s.startMs, s.endMs])));
  const timeline = [...moments].sort((a, b) => a - b);
  const idAt = new Map(timeline.map((ms, at) => [ms, `T${at}`]));
  const speakers = tracks.map(
    ({ name }, at) => `<speaker id="SPK${at}">
<abbreviation>${escapeXml(name)}</abbreviation>
<sex value="u"/>
<languages-used></languages-used>
<l1></l1>
<l2></l2>
<ud-speaker-information></ud-speaker-information>
<comment></comment>
</speaker>`,
  );
  const written = tiers.map(({ speaker, category, type, displayName, spans }, at) =>
    [
      `<tier id="TIE${at}"${speaker === null ? '' : ` speaker="${speaker}"`} category="${category}" type="${type}" display-name="${escapeXml(displayName)}">`,
      ...spans.map(
        ({ startMs, endMs, text }) =>
          // the editor puts the texts of a tier together as they are
          `<event start="${idAt.get(startMs)}" end="${idAt.get(endMs)}">${escapeXml(text)} </event>`,
      ),
      '</tier>',
    ].join('\n'),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<basic-transcription>
<head>
<meta-information>
<project-name></project-name>
<transcription-name>${escapeXml(transcript.title)}</transcription-name>
<referenced-file url="${escapeXml(encodeURIComponent(transcript.source.name))}"/>
<ud-meta-information></ud-meta-information>
<comment></comment>
<transcription-convention></transcription-convention>
</meta-information>
<speakertable>
${speakers.join('\n')}
</speakertable>
</head>
<basic-body>
<common-timeline>
${timeline.map((ms, at) => `<tli id="T${at}" time="${seconds(ms)}"/>`).join('\n')}
</common-timeline>
${written.join('\n')}
</basic-body>
</basic-transcription>
`;
}
