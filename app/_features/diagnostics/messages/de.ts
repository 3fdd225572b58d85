import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  decoding: '{name} wird dekodiert',
  decodedSoFar: '{name} wird dekodiert: bisher {audio} Ton',
  speed: 'Geschwindigkeit',
  measureDecoding: 'Dekodieren messen',
  checkDevice: 'Dieses Gerät prüfen',
  whatItCanDo: 'Was es kann',
  part: 'Bestandteil',
  state: 'Zustand',
  good: 'Gut',
  notGood: 'Nicht gut',
};
