import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  intro:
    'Was die Seiten dieses Servers bei ihm abfragen, als JSON und auf Englisch beschrieben. Aufnahmen und Text sind nur dabei, wenn Sie sie teilen oder geben; Geteiltes wird vorher verschlüsselt. Für Programme gibt es <link>dasselbe als OpenAPI 3.1</link>.',
  'group.Transcripts': 'Transkripte',
  'group.Shares': 'Freigaben',
  'group.Dataset': 'Trainingsdatensatz',
  'group.Live text': 'Live-Text',
  'group.Training': 'Training',
  'group.Models': 'Modelle',
  'group.Signing in': 'Anmeldung',
  'group.Account': 'Konto',
  'group.Members': 'Mitglieder',
  'group.Links': 'Zugangslinks',
  'group.Inbox': 'Eingang',
  'group.Workers': 'Worker',
  'group.Operations': 'Betrieb',
  'caller.open': 'Für alle.',
  'caller.user': 'Für alle, die angemeldet sind.',
  'caller.owner': 'Für den Besitzer.',
  'caller.with': 'Mit {authorization}.',
  bodyIsBytes: 'Der Inhalt der Anfrage sind die Bytes, wie sie sind.',
  answersNothing: 'Antwortet mit Status 204.',
  answersWith: 'Antwortet mit {mediaType}.',
  query: 'Parameter',
  body: 'Anfrage',
  answer: 'Antwort',
};
