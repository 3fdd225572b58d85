import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  skipToContent: 'Zum Inhalt springen',
  library: 'Bibliothek',
  models: 'Modelle',
  trainingSet: 'Trainingsdaten',
  settings: 'Einstellungen',
  main: 'Hauptnavigation',
  accountChanged:
    'In diesem Browser hat sich jemand an- oder abgemeldet. Die Aufnahme läuft weiter und wird in der Bibliothek gespeichert, in der sie begann; diese Seite zeigt nichts anderes, bis sie gestoppt wird.',
  goToRecording: 'Zur Aufnahme',
  outdated:
    'In einem anderen Tab ist eine neuere Version von AI2Text geöffnet. Laden Sie diese Seite neu, um fortzufahren.',
  reload: 'Neu laden',
  starting: 'Startet',
  recording: 'Aufnahme',
  paused: 'Pausiert',
  interrupted: 'Unterbrochen',
  finishing: 'Wird gespeichert',
  privateSession:
    'Private Sitzung: Alles bleibt im Arbeitsspeicher dieses Tabs und ist weg, sobald Sie ihn schließen oder neu laden. Exportieren Sie, was Sie behalten möchten.',
  endPrivate: 'Private Sitzung beenden',
  askEndPrivate: 'Private Sitzung beenden?',
  endPrivateHint:
    'Die Transkripte dieser Sitzung gehen verloren, sofern Sie sie nicht exportiert haben.',
  stayPrivate: 'In der Sitzung bleiben',
  noAccountInPrivate: 'Eine private Sitzung hat kein Konto. Beenden Sie sie, um sich anzumelden.',
  dismiss: 'Ausblenden',
  transcribing: 'Wird transkribiert',
  waiting: '{waiting} in der Warteschlange',
  description: 'Sprache zu Text im Browser. Der Ton bleibt auf diesem Gerät.',
  pageBroke: 'Diese Seite funktioniert nicht mehr',
  transcriptsKept: 'Ihre Transkripte bleiben erhalten.',
  tryAgain: 'Erneut versuchen',
  appBroke: 'AI2Text funktioniert nicht mehr',
  keptReload:
    'Ihre Transkripte bleiben in diesem Browser erhalten. Laden Sie die Seite neu, um fortzufahren.',
  noSuchPage: 'Diese Seite gibt es hier nicht',
  addressWrong: 'Vielleicht ist die Adresse falsch geschrieben, oder die Seite wurde verschoben.',
  backToLibrary: 'Zurück zur Bibliothek',
};
