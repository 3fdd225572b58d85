import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  anotherRecording:
    'Das ist eine andere Aufnahme. Wählen Sie {fileName} ({size}), oder fügen Sie die neue oben hinzu.',
  keepsText: '{fileName} behält den jetzigen Text.',
  undo: 'Rückgängig',
  removedFromQueue: '{fileName} wurde aus der Warteschlange entfernt.',
  deleted: '„{title}“ wurde gelöscht.',
  deletedEverywhere: '„{title}“ wurde gelöscht, auch auf dem Gerät, auf dem der Text liegt.',
  dropRegion: 'Audio oder Video ablegen',
  dropHere: 'Legen Sie Aufnahmen, Videos oder Ordner irgendwo auf dieser Seite ab',
  chooseFiles: 'Audio- oder Videodateien auswählen',
  nothingUploaded: 'Es wird nichts hochgeladen: Aufnahmen und Text bleiben in diesem Browser.',
  nothingDropped: 'Es wurden keine Dateien abgelegt.',
  imported: '{fileName} wurde als Transkript hinzugefügt.',
  noTranscript:
    '{fileName} konnte nicht als Transkript gelesen werden. Hinzufügen können Sie Untertitel (.srt, .vtt), Word-Dokumente (.docx) und hier exportierte Transkripte (.json).',
  bookmark: 'Lesezeichen',
  withText: 'Aufnahme und Text',
  readingSound: 'Die Aufnahme wird für ihre Wellenform gelesen. Es wird nichts transkribiert.',
  addedWithText:
    '{count, plural, one {{recording} wurde mit dem Text aus {text} hinzugefügt und wird nicht transkribiert.} other {# Aufnahmen wurden mit dem Text der gleichnamigen Dateien hinzugefügt und werden nicht transkribiert.}}',
  transcribeInstead: 'Stattdessen transkribieren',
  keepItsText: 'Diesen Text behalten',
  oneRecording: 'Eine Aufnahme aus mehreren Dateien',
  addedEach:
    '{count, plural, other {# Aufnahmen}} wurden hinzugefügt, jede für sich. Sind sie ein Gespräch mit einer Datei je Person, können sie ein gemeinsames Transkript werden.',
  asOneRecording: 'Als eine Aufnahme …',
  eachByItself: 'Jede für sich behalten',
  fileIsSpeaker:
    'Jede Datei ist eine Person. Hat eine später begonnen als die erste, geben Sie an, um wie viele Sekunden. Was aus den einzelnen Dateien schon transkribiert wurde, wird gelöscht.',
  speakerIn: 'Person in {fileName}',
  startsAt: 'Beginnt nach Sekunden',
  transcribeAsOne: 'Gemeinsam transkribieren',
  dropToTranscribe: 'Zum Transkribieren ablegen',
  headline: 'Sprache wird Text, auf diesem Gerät',
  whatFor:
    'Interviews, Vorträge, Besprechungen und Sprachnotizen werden zu Text, den Sie durchsuchen, Wort für Wort nachhören und als Datei speichern können.',
  record: 'Aufnehmen',
  recordHint: 'Mikrofon, Anruf oder Tab: Lesen Sie mit, während gesprochen wird.',
  readAlong: 'Mitlesen',
  goToRecording: 'Zur Aufnahme',
  chooseAudioTrack: 'Audiospur wählen',
  moveUp: 'Nach oben',
  moveDown: 'Nach unten',
  pause: 'Pausieren',
  resume: 'Fortsetzen',
  remove: 'Entfernen',
  cancel: 'Abbrechen',
  retry: 'Wiederholen',
  fileNeeded:
    'Die Aufnahme wird in diesem Browser nicht aufbewahrt: „Wiederholen“ fragt erneut danach.',
  doneOfTotal: '{min} von {duration}',
  doneSoFar: 'bisher {done}',
  secondPass: 'Ein besseres Modell verbessert den Text',
  otherTab: 'Läuft in einem anderen Tab',
  beingRecorded: 'Wird aufgenommen',
  waiting: 'In der Warteschlange',
  paused: 'Pausiert',
  stopped: 'Gestoppt',
  reload: 'Neu laden',
  inProgress: 'In Arbeit',
  jobs: 'Aufträge',
  morePlaces: 'und an {count, plural, one {# weiteren Stelle} other {# weiteren Stellen}}',
  transcripts: 'Transkripte',
  searchTranscripts: 'Transkripte durchsuchen',
  searchHint: 'Titel und Text durchsuchen',
  empty:
    'Hier ist noch nichts. Sobald eine Aufnahme fertig ist, erscheint hier ihr Transkript, und es ist noch da, wenn Sie wiederkommen.',
  nothingFound: 'Nichts gefunden für „{query}“.',
  foundIn: 'In {count, plural, one {# Transkript} other {# Transkripten}} gefunden.',
  numberOf: ' ({value} von {together})',
  words: '{count, plural, one {# Wort} other {# Wörter}}',
  delete: 'Löschen',
  deviceList: 'Liste dieses Geräts',
  askShowList: 'Die Liste dieses Geräts auf Ihren anderen Geräten anzeigen?',
  askShowListHint:
    'Titel, Sprachen und Längen gehen an den Server, bei dem Sie angemeldet sind; nie Worte, nie Ton. Sie können das in den Einstellungen ändern.',
  showList: 'Liste anzeigen',
  keepOnDevice: 'Auf diesem Gerät behalten',
  oneDeletedElsewhere: '„{title}“ wurde auf einem anderen Gerät gelöscht.',
  severalDeletedElsewhere:
    '{count, plural, one {# Transkript wurde} other {# Transkripte wurden}} auf einem anderen Gerät gelöscht.',
  skipped:
    '{count, plural, one {# Datei im Ordner ist keine Aufnahme und wurde übersprungen.} other {# Dateien im Ordner sind keine Aufnahmen und wurden übersprungen.}}',
  unreadable:
    '{count, plural, one {# Datei oder Ordner konnte nicht gelesen werden und wurde} other {# Dateien oder Ordner konnten nicht gelesen werden und wurden}} übersprungen.',
  add: 'Hinzufügen',
  'add.hint':
    'Eine Aufnahme oder ein ganzer Ordner: Audio oder Video, in beliebiger Länge. Auch Untertitel und Word-Dokumente werden zu Transkripten.',
  'readAlong.hint':
    'Der Text wächst, während die Datei transkribiert wird. Schließen Sie den Tab und kommen Sie wieder: Es geht dort weiter, wo es stehen blieb.',
  useIt: 'Verwenden',
  'useIt.hint':
    'Wählen Sie ein Wort, um es zu hören, durchsuchen Sie den Text, speichern Sie ihn als Text, Untertitel oder Word-Dokument.',
  opening: 'Datei wird geöffnet',
  'loading-model': 'Sprachmodell wird geladen',
  transcribing: 'Wird transkribiert',
  finishing: 'Wird abgeschlossen',
  'count.recording': '{count, number} in Aufnahme',
  'count.running': '{count, number} in Arbeit',
  'count.queued': '{count, number} in der Warteschlange',
  'count.paused': '{count, number} pausiert',
  'count.failed': '{count, number} gestoppt',
  onAnotherDevice: 'Auf einem anderen Gerät',
  watch: 'Beobachteter Ordner',
  watchHint:
    'Aufnahmen, die in einen Ordner dieses Computers gelegt werden, werden von selbst transkribiert, solange ein Tab mit dieser App offen ist. Sie bleiben auf diesem Gerät.',
  watchPrivate: 'Eine private Sitzung behält keinen Ordner, daher kann keiner beobachtet werden.',
  watchUnsupported:
    'Dieser Browser lässt eine Seite keinen Ordner behalten. Chrome, Edge und andere Browser auf der Basis von Chromium tun das, auf Computern, unter einer Adresse mit https.',
  watchFolder: 'Ordner beobachten',
  watchExisting: 'Aufnahmen im Ordner',
  watchExistingHint:
    '{count, plural, one {Im Ordner ist bereits # Aufnahme. Soll sie auch transkribiert werden?} other {Im Ordner sind bereits # Aufnahmen. Sollen sie auch transkribiert werden?}}',
  watchNewOnly: 'Nur neue',
  watchAll: 'Alle transkribieren',
  'watch.off': 'Der Ordner „{name}“ wird gleich beobachtet.',
  'watch.watching': 'Der Ordner „{name}“ wird beobachtet, samt den Ordnern darin.',
  'watch.other-tab': 'Der Ordner „{name}“ wird von einem anderen Tab beobachtet.',
  'watch.permission':
    'Der Browser fragt noch einmal, bevor diese Seite den Ordner „{name}“ benutzen darf.',
  'watch.gone':
    'Der Ordner „{name}“ kann nicht gelesen werden. Vielleicht wurde er verschoben oder gelöscht.',
  watchAllow: 'Erlauben',
  watchNotAllowed: 'Dem Browser wurde nicht erlaubt, in den Ordner zu schreiben.',
  watchSettling:
    '{count, plural, one {# Datei wird noch geschrieben.} other {# Dateien werden noch geschrieben.}}',
  watchRefused:
    '{count, plural, one {# Datei kann so nicht übernommen werden. Sie wird wieder angesehen, wenn sie sich ändert:} other {# Dateien können so nicht übernommen werden. Sie werden wieder angesehen, wenn sie sich ändern:}}',
  watchCutOff: 'sie bricht vor ihrem Ende ab',
  watchUnwritten:
    '{count, plural, one {Das Transkript dieser Aufnahme konnte} other {Die Transkripte dieser Aufnahmen konnten}} nicht in den Ordner geschrieben werden. Prüfen Sie, ob dort Platz ist und geschrieben werden darf; alle 30 Sekunden wird es wieder versucht.',
  unwatch: 'Nicht mehr beobachten',
  watchBeside: 'Transkripte in den Ordner schreiben',
  watchBesideHint: 'Neben jede Aufnahme, unter deren Namen. Vorhandene Dateien werden nie ersetzt.',
  'beside.none': 'Keine schreiben',
  'beside.txt': 'Nur Text (.txt)',
  'beside.srt': 'SubRip (.srt)',
  'beside.vtt': 'WebVTT (.vtt)',
  'beside.json': 'JSON (.json)',
};
