import { needsSpace } from '@/lib/core';
import { type Transcript, type TranscriptSegment, wordsOf } from '@/lib/transcript';
import type { ExportLabels, ExportOptions } from './options';
import { prepare } from './prepare';
import { seconds } from './time-stamp';
import { speakerTracks } from './tracks';
import { escapeXml } from './xml';

/**
 * DAPT, the W3C's profile of TTML2 for transcripts and dubbing scripts: a script event for each segment.
 * Words have times of their own, counted from the beginning of their event, where they are wanted.
 */
export function writeDapt(
  transcript: Transcript,
  options: ExportOptions,
  labels: ExportLabels,
): string {
  const prepared = prepare(transcript, options);
  const tracks = speakerTracks(prepared, labels.transcript).filter(
    ({ speakerId }) => speakerId !== null,
  );
  const agentOf = new Map(tracks.map(({ speakerId }, at) => [speakerId, `character_${at + 1}`]));
  const agents = tracks.map(
    ({ name }, at) => `<ttm:agent type="character" xml:id="character_${at + 1}">
<ttm:name type="alias">${escapeXml(name)}</ttm:name>
</ttm:agent>`,
  );
  const events = prepared.segments
    .filter(({ text }) => text !== '')
    .map((segment, at) => {
      const { startMs, endMs, speakerId } = segment;
      const agent = agentOf.get(speakerId);
      const text = options.words ? timedWords(segment) : escapeXml(segment.text);
      return `<div xml:id="event_${at + 1}" begin="${seconds(startMs)}s" end="${seconds(endMs)}s"${agent ? ` ttm:agent="${agent}"` : ''}><p>${text}</p></div>`;
    });
  const language = escapeXml(transcript.language || 'und');
  return `<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:daptm="http://www.w3.org/ns/ttml/profile/dapt#metadata" ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/dapt1.0/content" ttp:timeBase="media" xml:lang="${language}" daptm:scriptRepresents="audio.dialogue" daptm:scriptType="originalTranscript">
<head>
<metadata>
<ttm:title>${escapeXml(transcript.title)}</ttm:title>
${agents.join('\n')}
</metadata>
</head>
<body daptm:represents="audio.dialogue">
${events.join('\n')}
</body>
</tt>
`;
}

function timedWords(segment: TranscriptSegment): string {
  const words = wordsOf(segment, segment.words);
  return words
    .map(({ text, startMs, endMs }, at) => {
      const space = at > 0 && needsSpace(words[at - 1]?.text ?? '', text) ? ' ' : '';
      const from = seconds(Math.max(0, startMs - segment.startMs));
      const to = seconds(Math.max(0, endMs - segment.startMs));
      return `${space}<span begin="${from}s" end="${to}s">${escapeXml(text)}</span>`;
    })
    .join('');
}
