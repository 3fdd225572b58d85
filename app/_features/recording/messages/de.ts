import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  openRecording: 'Aufnahme öffnen',
  waitingForInput: 'Warten auf den Eingang …',
  recording: 'Aufnahme',
  paused: 'Pausiert',
  interrupted: 'Unterbrochen',
  savingRecording: 'Aufnahme wird gespeichert …',
  resumeRecording: 'Aufnahme fortsetzen',
  pauseRecording: 'Aufnahme pausieren',
  stopRecording: 'Aufnahme stoppen',
  markThisMoment: 'Stelle markieren',
  savedAndTranscribed: 'Die Aufnahme ist gespeichert und transkribiert.',
  savedBeingTranscribed:
    'Die Aufnahme ist gespeichert. Sie wird jetzt als Ganzes transkribiert; dieser Text ersetzt den Live-Text.',
  openTranscript: 'Transkript öffnen',
  whatToRecord: 'Was aufgenommen wird',
  startRecording: 'Aufnahme starten',
  newRecording: 'Eine neue Aufnahme beginnt mit einer leeren Seite.',
  savedEverySecond:
    'Ton und Text bleiben in diesem Browser. Die Aufnahme wird jede Sekunde gespeichert: Ein Absturz kostet höchstens zwei Sekunden.',
  keptInMemory:
    'Private Sitzung: Ton und Text bleiben im Arbeitsspeicher dieses Tabs. Eine Aufnahme ist verloren, wenn der Tab geschlossen wird oder abstürzt; exportieren Sie, was Sie behalten möchten.',
  inputDevice: 'Eingabegerät',
  browserDefault: 'Standard des Browsers',
  deviceMissing: 'Das zuletzt verwendete Gerät (nicht angeschlossen)',
  namesAfterPermission: 'Gerätenamen erscheinen, sobald Sie das Mikrofon erlauben.',
  tooLoud: 'Zu laut',
  level: 'Pegel',
  levelOf: 'Pegel: {input}',
  'input.microphone': 'Mikrofon',
  'input.display': 'Geteilter Ton',
  liveTranscript: 'Live-Transkript',
  noLiveText: 'Es gibt keinen Live-Text.',
  backToNow: 'Zurück zum Live-Text',
  wordsAppearHere: 'Hier erscheinen die Wörter, während sie gesprochen werden.',
  lastWords: 'Die letzten Wörter werden geschrieben.',
  overBeforeModel: 'Die Aufnahme endete, bevor das Sprachmodell geladen war.',
  noWordsHeard: 'Es wurden keine Wörter erkannt.',
  modelLoading: 'Das Sprachmodell wird geladen: In der Zwischenzeit geht nichts verloren.',
  nothingSaidYet: 'Es wurde noch nichts gesagt.',
  marks: 'Markierungen',
  marksMade:
    '{count, plural, one {# Markierung: Sie finden sie} other {# Markierungen: Sie finden sie}} auf der Seite des Transkripts.',
  silence:
    'Seit zehn Sekunden kein Ton. Prüfen Sie, ob der richtige Eingang gewählt und eingeschaltet ist.',
  storageFull:
    'Der Speicher dieses Browsers ist voll. Die Aufnahme endet hier; alles Aufgenommene bleibt erhalten.',
  noLiveTextThisTime:
    'Diesmal gibt es keinen Live-Text. Die Aufnahme läuft weiter und wird transkribiert, wenn Sie stoppen.',
  noWakeLock:
    'Der Bildschirm kann sich ausschalten: Verhindern Sie, dass dieses Gerät in den Ruhezustand geht, sonst pausiert auch die Aufnahme.',
  crashed:
    'Die Aufnahme brach ab und wurde bis auf die letzte Sekunde oder zwei wiederhergestellt.',
  endedStorageFull: 'Die Aufnahme endete, weil der Speicher voll war.',
  endedDeviceLost: 'Die Aufnahme endete, als ihr Eingang verloren ging.',
  recordedFrom: 'Aufgenommen von {input} mit {rate} kHz',
  noSoundDropped: 'kein Ton ging verloren',
  clockSame: 'ihre Uhr lief wie die des Computers',
  record: 'Aufnehmen',
  endedKept:
    'Die Aufnahme endete, als diese Seite geschlossen oder neu geladen wurde. Sie ist bis auf die letzte Sekunde oder zwei erhalten, als „{title}“ in der Bibliothek.',
  endedSaving:
    'Die Aufnahme endete, als diese Seite geschlossen oder neu geladen wurde. Sie wird gerade gespeichert.',
  keys: 'Tasten: <key>P</key> pausiert und setzt fort, <key>M</key> markiert diese Stelle.',
  transcribedOnceMore:
    '{live} Wenn Sie stoppen, wird die ganze Aufnahme noch einmal transkribiert, mit mehr Kontext.',
  microphone: 'Mikrofon',
  onlyMicrophone:
    'Aufgenommen wird das Mikrofon. Dieser Browser kann den Ton eines Tabs oder des Geräts nicht teilen; Browser auf Computern können es.',
  'microphone.hint': 'Was in diesem Raum gesagt wird.',
  display: 'Ton eines Tabs oder des Systems',
  'display.hint':
    'Ein Anruf oder ein Video: Der Browser fragt, welches, und ob der Ton geteilt wird.',
  both: 'Beides, getrennt',
  'both.hint': 'Ihre eigene Stimme und die eines Anrufs.',
  echoCancellation: 'Echounterdrückung',
  'echoCancellation.hint': 'Für Anrufe über Lautsprecher.',
  noiseSuppression: 'Rauschunterdrückung',
  'noiseSuppression.hint': 'Bei Lüftern und Verkehr; ohne sie wird Sprache etwas besser erkannt.',
  'lost.continues.display':
    'Der geteilte Ton ist weg. Die Aufnahme läuft mit dem anderen Eingang weiter; um wieder beide zu haben, pausieren Sie und setzen Sie fort.',
  'lost.continues.microphone':
    'Das Mikrofon ist weg. Die Aufnahme läuft mit dem anderen Eingang weiter; um wieder beide zu haben, pausieren Sie und setzen Sie fort.',
  'lost.display':
    'Der geteilte Ton ist weg. Alles Aufgenommene bleibt erhalten: Setzen Sie mit einem anderen Eingang fort, oder stoppen Sie.',
  'lost.microphone':
    'Das Mikrofon ist weg. Alles Aufgenommene bleibt erhalten: Setzen Sie mit einem anderen Eingang fort, oder stoppen Sie.',
  'lost.both':
    'Das Mikrofon und der geteilte Ton sind weg. Alles Aufgenommene bleibt erhalten: Setzen Sie fort, oder stoppen Sie.',
  'muted.continues.display':
    'Der geteilte Ton ist stummgeschaltet: Seine Spur bleibt still, bis er wieder eingeschaltet ist. Das Mikrofon wird aufgenommen.',
  'muted.continues.microphone':
    'Das Mikrofon ist stummgeschaltet: Seine Spur bleibt still, bis es wieder eingeschaltet ist. Der geteilte Ton wird aufgenommen.',
  'muted.display':
    'Der geteilte Ton ist stummgeschaltet: Es wird nur Stille aufgenommen, bis er wieder eingeschaltet ist.',
  'muted.microphone':
    'Das Mikrofon ist stummgeschaltet: Es wird nur Stille aufgenommen, bis es wieder eingeschaltet ist.',
  dropped:
    '{length} Ton {gaps, plural, one {ging verloren (eine Lücke)} other {ging verloren (# Lücken)}}: Das Gerät war zu beschäftigt.',
  unknownInput: 'einem unbekannten Eingang',
  pauses: '{pauses, plural, one {einmal pausiert} other {#-mal pausiert}}',
  clockFaster: 'ihre Uhr lief {ppm} ppm schneller als die des Computers',
  clockSlower: 'ihre Uhr lief {ppm} ppm langsamer als die des Computers',
  'notHere.insecure':
    'Browser geben das Mikrofon nur an Seiten, die über https (oder von eben diesem Computer) kommen. Öffnen Sie AI2Text unter seiner https-Adresse.',
  'notHere.browser':
    'Dieser Browser kann in einer Seite nicht aufnehmen. Ein neuerer Chrome, Edge, Firefox oder Safari kann es.',
  'notHere.storage':
    'Dieses Fenster hat keinen privaten Speicher für die Aufnahme: Private Fenster mancher Browser haben keinen. Verwenden Sie ein normales Fenster.',
  brokenSaved: 'Eine abgebrochene Aufnahme wurde gespeichert und wird transkribiert.',
  open: 'Öffnen',
};
