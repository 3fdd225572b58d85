import type { Transcript } from '@/lib/transcript';
import type { ExportLabels } from './options';
import { clock, dayOf } from './time-stamp';

/** One line of what is known of a transcript. */
export interface Fact {
  name: string;
  value: string;
}

/** What a reader of a file wants to know of a prepared transcript: nothing that it does not show. */
export function factsOf(transcript: Transcript, labels: ExportLabels): Fact[] {
  const { createdAt, durationMs, language, source, speakers } = transcript;
  const spoken = new Set(transcript.segments.map(({ speakerId }) => speakerId));
  const names = speakers.filter(({ id }) => spoken.has(id)).map(({ name }) => name);
  return [
    { name: labels.recording, value: source.name },
    { name: labels.date, value: dayOf(createdAt) },
    { name: labels.duration, value: clock(durationMs) },
    { name: labels.language, value: languageName(language, labels.locale) },
    { name: labels.speakers, value: names.join(', ') },
  ].filter(({ value }) => value !== '');
}

/** What a language is called in another one; empty where it is not known which it is. */
function languageName(tag: string, locale: string): string {
  if (tag === 'und') return '';
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag;
  } catch (error) {
    // imported files hold anything here
    if (error instanceof RangeError) return tag;
    throw error;
  }
}
