import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  title: 'Worker',
  forOwner:
    'Nur wer diesen Server besitzt, sieht diese Seite. Melden Sie sich mit diesem Konto an.',
  signIn: 'Anmelden',
  state: 'Stand der Arbeit',
  waiting: 'Wartend',
  leased: 'Wird transkribiert',
  failed: 'Fehlgeschlagen',
  done: 'Fertig',
  oldest: 'Längste Wartezeit',
  nothingWaits: 'Nichts wartet.',
  workers: 'Worker',
  noWorkers: 'In den letzten zwei Minuten hat kein Worker nach Arbeit gefragt.',
  noWorkersHint:
    'Ein Worker wird mit dem Befehl npm run worker gestartet, auf einem beliebigen Computer, der diesen Server erreicht.',
  lastSeen: 'Zuletzt gesehen {date}',
  recordings: 'Aufnahmen',
  noRecordings: 'Keine Aufnahme wartet, und keine ist fehlgeschlagen.',
  reported: 'Gemeldet: {message}',
  retry: 'Erneut versuchen',
  retryOf: '{name} erneut versuchen',
  drop: 'Aufgeben',
  dropOf: '{name} aufgeben',
  retried: '{name} wartet wieder.',
  dropped: '{name} wurde aufgegeben. Die Datei liegt noch, wo sie war.',
};
