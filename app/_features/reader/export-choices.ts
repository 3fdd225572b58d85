import { currentLanguage } from '@/app/_features/i18n';
import { DEFAULT_SETTINGS, type Settings } from '@/lib/client/store';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportLabels,
  type ExportOption,
} from '@/lib/export';
import { t } from './messages';

/** What was chosen for exports, and the way to keep it for the next time. */
export type ExportChoices = [
  value: Settings['exports'],
  choose: (value: Settings['exports']) => Promise<void> | void,
];

/** What is chosen until the user does. */
export const DEFAULT_CHOICES = DEFAULT_SETTINGS.exports;

/** A format's name. */
export function formatLabel({ label }: Pick<ExportFormat, 'label'>): string {
  return label ?? t('export.template');
}

/** Whether one of the formats can make something of an option. */
export function isUsed(option: ExportOption, formats: readonly string[]): boolean {
  return EXPORT_FORMATS.some(({ id, options }) => formats.includes(id) && options.includes(option));
}

/** The words that writers put into files, in the language of the page. */
export function exportLabels(): ExportLabels {
  return {
    locale: currentLanguage().tag,
    transcript: t('transcript'),
    date: t('export.label.date'),
    duration: t('export.label.duration'),
    language: t('export.label.language'),
    recording: t('recording'),
    speakers: t('export.speakers'),
    bookmark: t('export.label.bookmark'),
  };
}
