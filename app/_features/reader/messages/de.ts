import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  backToCurrent: 'Zurück zur aktuellen Stelle',
  wordsElsewhere: 'Der Text ist auf einem anderen Gerät',
  share: 'Teilen',
  export: 'Exportieren',
  backToLibrary: 'Zurück zur Bibliothek',
  deleteEverywhere: 'Auf allen Geräten löschen',
  tryAgain: 'Erneut versuchen',
  findInTranscript: 'Im Transkript suchen',
  nothingFound: 'Nichts gefunden',
  previousMatch: 'Vorheriger Treffer',
  nextMatch: 'Nächster Treffer',
  closeFind: 'Suche schließen',
  marks: 'Markierungen',
  player: 'Wiedergabe',
  back: '5 Sekunden zurück',
  pausePlayback: 'Wiedergabe anhalten',
  play: 'Abspielen',
  forward: '5 Sekunden vor',
  followAlong: 'Mitlaufen',
  speed: 'Geschwindigkeit',
  preparing: 'Die Aufnahme wird für die Wiedergabe vorbereitet',
  preparingHint:
    'Einmal für jede Aufnahme, damit jedes Wort an der richtigen Stelle abgespielt wird.',
  recording: 'Aufnahme',
  enterPassword: 'Geben Sie das Passwort ein.',
  locked: 'Dieses Transkript ist geschützt',
  password: 'Passwort',
  passwordHint: 'Die Person, die Ihnen den Link gesendet hat, kennt es.',
  opening: 'Wird geöffnet …',
  open: 'Öffnen',
  openingShared: 'Das geteilte Transkript wird geöffnet …',
  loadingTranscript: 'Das Transkript wird geladen',
  readingTranscript: 'Das Transkript wird gelesen',
  linkNotAvailable: 'Dieser Link ist nicht verfügbar',
  linkGoneHint:
    'Vielleicht ist er abgelaufen, wurde von der Person widerrufen, die ihn geteilt hat, oder ein Teil fehlt. Bitten Sie um einen neuen.',
  needsHttps: 'Dieser Link braucht eine sichere Verbindung',
  needsHttpsHint:
    'Das Transkript wird im Browser entschlüsselt, und das erlauben Browser nur auf Seiten, die über https kommen. Bitten Sie die Person, die es geteilt hat, um einen Link, der mit https beginnt.',
  tryHttps: 'Über https versuchen',
  linkNotOpened: 'Dieser Link konnte nicht geöffnet werden',
  reloadPage: 'Seite neu laden',
  find: 'Suchen',
  withoutRecording: 'Der Text wurde ohne die Aufnahme geteilt.',
  recordingSize: 'Die Aufnahme hat {size}.',
  loadRecording: 'Aufnahme laden',
  loadingRecording: 'Die Aufnahme wird geladen',
  keyboardShortcuts: 'Tastaturkürzel',
  transcript: 'Transkript',
  title: 'Titel',
  delete: 'Löschen',
  audioTrack: 'Audiospur',
  trackLater: 'Eine andere kann gewählt werden, wenn diese fertig ist.',
  trackNotKept:
    'Die Aufnahme wird in diesem Browser nicht aufbewahrt: Fügen Sie die Datei erneut hinzu, um eine andere zu wählen.',
  askTrack: 'Andere Audiospur transkribieren?',
  keepText: 'Diesen Text behalten',
  noSuchTranscript: 'Dieses Transkript gibt es hier nicht',
  noSuchTranscriptHint:
    'Transkripte bleiben in dem Browser, der sie erstellt hat. Dieses wurde gelöscht oder in einem anderen Browser oder auf einem anderen Gerät erstellt.',
  position: 'Position',
  words: '{count, plural, one {# Wort} other {# Wörter}}',
  elsewhereHint:
    'Text und Ton bleiben dort, wo sie erstellt wurden; hier sind nur Name und Länge bekannt. Um es auf diesem Gerät zu lesen, öffnen Sie es dort und wählen Sie <em>Teilen</em> für einen Link, der sich hier öffnen lässt, oder <em>Exportieren</em> für eine Datei.',
  modelOnBackend: '{model} auf {backend}',
  textSoFar: 'Das ist der Text bis jetzt.',
  textGrows: 'Das ist der Text bis jetzt: Er wächst, während Sie lesen.',
  resumeWith: 'Mit {model} fortsetzen',
  matchOf: '{match} von {count, plural, other {#}}',
  cutOff: 'Die Aufnahme bricht bei {at} ab: Der Rest der Datei konnte nicht gelesen werden.',
  cutOffBy:
    'Die Aufnahme bricht bei {at} ab: Der Rest der Datei ({length}) konnte nicht gelesen werden.',
  clockJumps:
    'Laut ihrer Angabe ist die Datei {length} länger als der Ton, den sie enthält; ihre Uhr springt also irgendwo. Der ganze Ton ist hier; nach dem Sprung können Zeiten früher sein als in einem Player.',
  damaged: 'Ein beschädigter Teil bei {at} konnte nicht gelesen werden und fehlt hier.',
  damagedFor:
    'Ein beschädigter Teil bei {at} ({length}) konnte nicht gelesen werden und fehlt hier.',
  damagedParts:
    '{count, plural, one {# beschädigter Teil} other {# beschädigte Teile}} zwischen {from} und {to} konnten nicht gelesen werden und fehlen hier.',
  clockJumpsAt:
    'Die Uhr der Datei springt bei {at} um {length} vor, ohne Ton dazwischen. Die Zeiten danach sind die der Datei.',
  noSound: 'Die Datei enthält bei {at} für {length} keinen Ton.',
  shortGaps:
    '{count, plural, one {# kurze Lücke} other {# kurze Lücken}} zwischen {from} und {to}, zusammen {length}: Die Datei enthält dort keinen Ton.',
  gaps: '{count, plural, one {# Lücke} other {# Lücken}} zwischen {from} und {to}, zusammen {length}: Die Datei enthält dort keinen Ton.',
  underOneSecond: 'weniger als eine Sekunde',
  'withoutRecording.recording':
    'Das wird gerade aufgenommen: Es kann abgespielt werden, wenn die Aufnahme gestoppt ist.',
  'withoutRecording.copying':
    'Die Aufnahme wird noch in diesem Browser gespeichert: Sie kann abgespielt werden, sobald sie da ist.',
  'withoutRecording.none':
    'Die Aufnahme wird in diesem Browser nicht aufbewahrt und kann deshalb nicht abgespielt werden. Der Text ist davon nicht betroffen.',
  'withoutRecording.kept':
    'Die Aufnahme ist in diesem Browser nicht mehr zu finden und kann deshalb nicht abgespielt werden. Der Text ist davon nicht betroffen.',
  playedLater:
    'Dieser Browser kann diese Art von Aufnahme so nicht abspielen. Eine abspielbare Kopie wird erstellt, wenn die Transkription fertig ist.',
  unplayable:
    'Dieser Browser kann diese Art von Aufnahme nicht abspielen, obwohl sie transkribiert werden konnte. Der Text ist davon nicht betroffen.',
  noRoomToPrepare:
    'Der Speicher dieses Browsers ist voll: Es ist kein Platz, um die Aufnahme für die Wiedergabe vorzubereiten, und Wörter können einige Sekunden versetzt abgespielt werden. Schaffen Sie in den Einstellungen Platz, und laden Sie diese Seite neu. Der Text ist davon nicht betroffen.',
  notPrepared:
    'Die Aufnahme konnte nicht für die Wiedergabe vorbereitet werden: Wörter können einige Sekunden versetzt abgespielt werden. Der Text ist davon nicht betroffen.',
  'empty.partial': 'Hier erscheinen die ersten Wörter, sobald sie erkannt sind.',
  'empty.complete': 'In diesem Transkript sind keine Wörter.',
  playOrPause: 'Abspielen oder anhalten',
  'playOrPause.keys': 'Leertaste',
  backOrForward: '5 Sekunden zurück oder vor',
  slowerOrFaster: 'Langsamer oder schneller',
  findInThis: 'In diesem Transkript suchen',
  'findInThis.keys': '/ oder Strg F',
  wordToWord: 'Von Wort zu Wort gehen',
  'wordToWord.keys': 'Tab, dann ← → ↑ ↓',
  playFromThere: 'Ab dort abspielen',
  'playFromThere.keys': 'Enter auf einem Wort',
  showShortcuts: 'Diese Tastaturkürzel anzeigen',
  replaceText:
    'Der Text von Spur {old} wird gelöscht, und der von Spur {track} tritt an seine Stelle. Exportieren Sie zuerst, was Sie behalten möchten.',
  transcribeTrack: 'Spur {track} transkribieren',
  markUnsure: '<legend>Unsichere Wörter</legend> markieren',
  notFound: 'Nicht gefunden',
  'refused.wrong': 'Das ist nicht das Passwort dieses Links.',
  'refused.limited':
    'Mit diesem Link gab es zu viele Versuche. Warten Sie eine Viertelstunde, und versuchen Sie es dann erneut.',
  linkExpires: 'Link läuft am {date} ab',
  recordingNotLoaded:
    'Die Aufnahme konnte nicht geladen werden. {reason} Der Text ist davon nicht betroffen.',
  sharedTranscript: 'Geteiltes Transkript',
  timeOf: '{time} von {duration}',
};
