import { type Transcript, type TranscriptSegment, wordsOf } from '@/lib/transcript';
import type { ExportLabels, ExportOptions } from './options';
import { bookmarksOf, prepare } from './prepare';
import { bookmarkSpans, type Span, speakerTracks } from './tracks';
import { escapeXml } from './xml';

const CONSTRAINTS = {
  Time_Subdivision:
    "Time subdivision of parent annotation's time interval, no time gaps allowed within this interval",
  Symbolic_Subdivision:
    'Symbolic subdivision of a parent annotation. Annotations refering to the same parent are ordered',
  Symbolic_Association: '1-1 association with a parent annotation',
  Included_In:
    "Time alignable annotations within the parent annotation's time interval, gaps are allowed",
} as const;

/** ELAN's annotation format (EAF 3.0): a tier for each speaker, with a tier of words below it. */
export function writeEaf(
  transcript: Transcript,
  options: ExportOptions,
  labels: ExportLabels,
): string {
  const prepared = prepare(transcript, options);
  const slots: number[] = [];
  const slot = (ms: number) => `ts${slots.push(ms)}`;
  let annotations = 0;
  const tier = (id: string, type: string, parent: string | null, spans: readonly Span[]) =>
    [
      `<TIER LINGUISTIC_TYPE_REF="${type}"${parent === null ? '' : ` PARENT_REF="${escapeXml(parent)}"`}${type === 'bookmark' ? '' : ` PARTICIPANT="${escapeXml(parent ?? id)}"`} TIER_ID="${escapeXml(id)}">`,
      ...spans.map(
        ({ startMs, endMs, text }) =>
          `<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a${++annotations}" TIME_SLOT_REF1="${slot(startMs)}" TIME_SLOT_REF2="${slot(endMs)}"><ANNOTATION_VALUE>${escapeXml(text)}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>`,
      ),
      '</TIER>',
    ].join('\n');
  const tiers = speakerTracks(prepared, labels.transcript).flatMap(({ name, segments }) => [
    tier(name, 'utterance', null, segments.map(spanOf)),
    ...(options.words ? [tier(`words@${name}`, 'word', name, segments.flatMap(wordSpans))] : []),
  ]);
  const bookmarks = bookmarkSpans(bookmarksOf(prepared), labels.bookmark);
  if (bookmarks.length > 0) tiers.push(tier(labels.bookmark, 'bookmark', null, bookmarks));

  // the format wants its time slots in order
  const inOrder = slots.map((ms, at) => ({ ms, id: `ts${at + 1}` })).sort((a, b) => a.ms - b.ms);
  const { name, mediaType } = transcript.source;
  const url = escapeXml(encodeURIComponent(name));
  return `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="${escapeXml(transcript.createdAt)}" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
<MEDIA_DESCRIPTOR MEDIA_URL="file:///${url}" MIME_TYPE="${escapeXml(mediaType)}" RELATIVE_MEDIA_URL="./${url}"/>
<PROPERTY NAME="lastUsedAnnotationId">${annotations}</PROPERTY>
</HEADER>
<TIME_ORDER>
${inOrder.map(({ ms, id }) => `<TIME_SLOT TIME_SLOT_ID="${id}" TIME_VALUE="${ms}"/>`).join('\n')}
</TIME_ORDER>
${tiers.join('\n')}
<LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="utterance" TIME_ALIGNABLE="true"/>
<LINGUISTIC_TYPE CONSTRAINTS="Included_In" GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="word" TIME_ALIGNABLE="true"/>
<LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="bookmark" TIME_ALIGNABLE="true"/>
${Object.entries(CONSTRAINTS)
  .map(
    ([stereotype, description]) =>
      `<CONSTRAINT DESCRIPTION="${escapeXml(description)}" STEREOTYPE="${stereotype}"/>`,
  )
  .join('\n')}
</ANNOTATION_DOCUMENT>
`;
}

const spanOf = ({ startMs, endMs, text }: TranscriptSegment): Span => ({ startMs, endMs, text });
const wordSpans = (segment: TranscriptSegment): Span[] => wordsOf(segment, segment.words);
