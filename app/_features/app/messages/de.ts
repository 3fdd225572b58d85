import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  you: 'Sie',
  tab: 'Tab',
  recordingTitle: 'Aufnahme {moment}',
  'input.microphone': 'Mikrofon',
  'input.display': 'Geteilter Ton',
};
