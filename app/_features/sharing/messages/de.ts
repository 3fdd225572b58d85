import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  recordingNotKept:
    'Die Aufnahme wird in diesem Browser nicht aufbewahrt: Der Link zeigt nur den Text.',
  includeAudio: 'Ton einschließen',
  expires: 'Läuft ab',
  lastDay: 'Letzter Tag',
  shareLink: 'Freigabelink',
  linkHint:
    'Jeder, der diesen Link hat, kann ihn öffnen. Nur dieser Browser kann ihn wieder anzeigen: Der Server kennt ihn nicht ganz.',
  createAnotherLink: 'Weiteren Link erstellen',
  chooseDay: 'Wählen Sie einen Tag innerhalb eines Jahres.',
  newLink: 'Neuer Link',
  password: 'Passwort',
  passwordHint: 'Optional. Teilen Sie es Ihren Lesern auf einem anderen Weg mit als den Link.',
  transcriptNotFinished: 'Dieses Transkript ist noch nicht fertig.',
  uploading: 'Wird hochgeladen',
  encrypting: 'Wird verschlüsselt …',
  cancel: 'Abbrechen',
  createLink: 'Link erstellen',
  share: 'Teilen',
  notSecure:
    'Geteilte Transkripte werden im Browser verschlüsselt, und das erlauben Browser nur auf Seiten, die über https oder von eben diesem Computer kommen. Öffnen Sie AI2Text unter einer https-Adresse, um zu teilen.',
  checkingSignIn: 'Es wird geprüft, wer angemeldet ist …',
  accountNeeded:
    'Um per Link zu teilen, brauchen Sie ein Konto auf diesem Server: Er bewahrt das verschlüsselte Transkript für alle auf, die den Link öffnen. Alles andere funktioniert ohne.',
  signIn: 'Anmelden',
  notOpenedYet: 'Noch nicht geöffnet',
  textOnly: 'Nur Text',
  withPassword: 'Mit Passwort',
  withoutPassword: 'Ohne Passwort',
  recordingGone: 'Die Aufnahme ist nicht mehr in diesem Browser. Teilen Sie den Text ohne sie.',
  signedOut: 'Sie wurden abgemeldet. Melden Sie sich an, und teilen Sie es erneut.',
  uploadStalled:
    'Das Hochladen wurde abgebrochen: Die Verbindung ist zu langsam oder ins Stocken geraten. Versuchen Sie es mit einer besseren Verbindung erneut, oder lassen Sie den Ton weg.',
  tooManyAttempts:
    'In kurzer Zeit wurden zu viele Links erstellt. Warten Sie eine Weile, und versuchen Sie es erneut.',
  linksToTranscript: 'Links zu diesem Transkript',
  madeElsewhere: 'Auf einem anderen Gerät erstellt: Er kann hier nicht kopiert werden.',
  copyLink: 'Link kopieren',
  revoke: 'Widerrufen',
  revokeHint: 'Er funktioniert sofort und endgültig nicht mehr.',
  revokeLink: 'Link widerrufen',
  keep: 'Behalten',
  sharedLinks: 'Geteilte Links',
  allLinks: 'Alle Links',
  nothingShared: 'Es ist nichts geteilt. Ein Transkript teilen Sie auf seiner eigenen Seite.',
  notOnDevice: 'Ein Transkript, das nicht auf diesem Gerät ist',
  tooLargeToShare: 'Die Aufnahme hat {size}: Mehr als {most} können nicht geteilt werden.',
  audioSize: '{size}. Ohne ihn zeigt der Link nur den Text.',
  withPicture: '{size}, mit Bild. Ohne ihn zeigt der Link nur den Text.',
  encryptedHint:
    'Der Link zeigt das Transkript, wie es jetzt ist. Es wird in diesem Browser verschlüsselt, und der Schlüssel ist ein Teil des Links, den der Server nie sieht.',
  'lifetime.hour': 'In einer Stunde',
  'lifetime.day': 'In einem Tag',
  'lifetime.week': 'In einer Woche',
  'lifetime.month': 'In 30 Tagen',
  'lifetime.year': 'In einem Jahr',
  'lifetime.date': 'An einem Tag …',
  made: 'Erstellt am {date}',
  expired: 'Abgelaufen am {date}',
  expiresOn: 'Läuft am {date} ab',
  opened: '{count, plural, one {#-mal} other {#-mal}} geöffnet, zuletzt am {date}',
  withAudio: 'Mit Ton',
  tooManyShares:
    'Sie haben bereits {count} Links. Widerrufen Sie einige, und versuchen Sie es dann erneut.',
  shareLive: 'Live teilen',
  sharedLive: 'Live geteilt',
  liveText: 'Live-Text',
  liveLink: 'Live-Link',
  liveHint:
    'Wer den Link hat, liest während der Aufnahme mit und kann den Text auch danach noch lesen, bis der Link abläuft. Gesendet wird nur Text, in diesem Browser verschlüsselt: Der Server kann ihn nicht lesen.',
  endLive: 'Live-Text beenden',
  endLiveHint: 'Die Leser behalten, was sie haben. Die Aufnahme läuft weiter.',
  newLiveLink: 'Neuer Live-Link',
  liveAccountNeeded:
    'Um live zu teilen, brauchen Sie ein Konto auf diesem Server. Beim Anmelden wird eine andere Bibliothek geöffnet: Beenden Sie daher zuerst diese Aufnahme.',
  'live.live': 'Andere können jetzt mitlesen.',
  'live.waiting':
    'Der Server ist nicht erreichbar. Die Aufnahme läuft weiter; was jetzt gesagt wird, wird so bald wie möglich gesendet; wenn Sie diese Seite schließen, sobald Sie die App wieder öffnen.',
  'live.ended': 'Der Live-Text ist beendet. Sein Link zeigt den Text, bis er abläuft.',
  'live.failed': 'Der Live-Text ist beendet: {problem} Die Aufnahme läuft weiter.',
  'live.revoked':
    'Der Live-Text ist beendet: Sein Link wurde widerrufen oder ist abgelaufen. Die Aufnahme läuft weiter.',
};
