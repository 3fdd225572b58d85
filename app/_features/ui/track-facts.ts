import { formatLocale } from '@/app/_features/i18n';
import type { AudioTrackInfo } from '@/lib/engine/audio';
import { t } from './messages';

/** A track as a choice: its number among all, and what the file says about it. */
export function trackLabel(
  { name, language }: Pick<AudioTrackInfo, 'name' | 'language'>,
  index: number,
): string {
  const facts = [name, language && languageName(language)].filter((fact) => fact);
  return [t('track', { number: index + 1 }), ...facts].join(' · ');
}

/** The name of a language that a file names by a code of ISO 639 or by a tag of BCP 47. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(formatLocale(), { type: 'language' }).of(code) ?? code;
  } catch (error) {
    // no code at all: files hold anything here
    if (error instanceof RangeError) return code;
    throw error;
  }
}

/** How a number of channels is called. */
export function channelsText(channels: number): string {
  const names: Record<number, string> = { 1: t('mono'), 2: t('stereo'), 6: '5.1', 8: '7.1' };
  return names[channels] ?? t('channels', { channels });
}
