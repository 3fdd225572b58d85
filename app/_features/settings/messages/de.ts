import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  system: 'System',
  light: 'Hell',
  dark: 'Dunkel',
  appearance: 'Darstellung',
  theme: 'Design',
  processing: 'Verarbeitung',
  backend: 'Backend',
  checking: 'Wird geprüft …',
  checkAgain: 'Erneut prüfen',
  backendHint:
    'WebGPU verwendet den Grafikprozessor, WASM den Hauptprozessor. „Automatisch“ probiert beide an einer kurzen Testaufnahme und verwendet den schnelleren, der den richtigen Text liefert.',
  notCheckedYet:
    'Noch nicht geprüft: Das geschieht bei der ersten Aufnahme oder wenn Sie auf „Erneut prüfen“ drücken.',
  keptForPlayback: 'Zur Wiedergabe aufbewahrte Aufnahmen',
  keptRecordings: 'Aufbewahrte Aufnahmen',
  deleteRecording: 'Aufnahme löschen',
  keepIt: 'Behalten',
  deleteForGood: 'Endgültig löschen',
  language: 'Sprache',
  alsoSpoken: 'Wird auch gesprochen',
  spokenAsWell: 'Wird ebenfalls gesprochen',
  findOut: 'Automatisch erkennen',
  none: 'Keine',
  speechModel: 'Sprachmodell',
  catalogueFailed:
    'Die Liste der Modelle konnte nicht geladen werden. Laden Sie die Seite neu, um es erneut zu versuchen.',
  bytesOnDevice: '{bytes} auf diesem Gerät',
  notOnDevice: 'Noch nicht auf diesem Gerät',
  trainedOn: 'Womit es trainiert wurde',
  whoMade: 'Von wem es stammt',
  modelGone: 'Das gewählte Modell ist nicht mehr auf diesem Gerät.',
  whatIsSpoken: 'Was gesprochen wird',
  whatIsSpokenHint:
    'Die Sprache, die in den Aufnahmen gesprochen wird. Sie zu wählen vermeidet falsche Vermutungen, wo wenig oder undeutlich gesprochen wird. Bei mehreren wird jeder Abschnitt zwischen zwei Pausen in der Sprache geschrieben, die dort zu hören ist. Aufnahmen, die schon transkribiert werden, bleiben davon unberührt.',
  translate: 'Ins Englische übersetzen',
  translateHint:
    'Der Text ist dann englisch, was auch gesprochen wird, und die Zeiten der Wörter sind ungefähr.',
  numbersAndDates: 'Zahlen und Daten',
  writeNumbers: 'Zahlen schreiben',
  numbersHint:
    'Auch Daten, Uhrzeiten, Geldbeträge und Prozentsätze: „half past two“ oder 2:30, „five dollars“ oder $5. Bei Ziffern bleiben einzeln stehende Zahlen unter zehn ausgeschrieben. Nur für englischen Text; andere Sprachen behalten, was das Modell schreibt. Gilt für Dateien, die ab jetzt gestartet werden.',
  recording: 'Aufnahme',
  settings: 'Einstellungen',
  thisDevice: 'Dieses Gerät',
  storage: 'Speicher',
  notPersisted:
    'Der Browser hat abgelehnt. Viele stimmen zu, sobald die App installiert oder eine Weile benutzt wurde.',
  usedAndFree: '{used} belegt, {free} frei',
  persisted: 'Der Browser behält diese Bibliothek, bis Sie sie löschen.',
  mayBeCleared: 'Der Browser kann diese Bibliothek löschen, wenn der Datenträger voll wird.',
  protectStorage: 'Speicher schützen',
  moreLines: 'Und {count, plural, one {# weitere Zeile} other {# weitere Zeilen}}.',
  entriesRemoved: '{count, plural, one {# Eintrag} other {# Einträge}} entfernt.',
  undo: 'Rückgängig',
  namesAndJargon: 'Namen und Fachbegriffe',
  customVocabulary: 'Eigenes Vokabular',
  vocabularyExample: 'Kubernetes\nAnna Schmidt\nctDNA\nSiobhan = shivawn',
  clearList: 'Liste leeren',
  leftOut: 'Ausgelassen, der Rest wird verwendet:',
  auto: 'Automatisch',
  webgpu: 'WebGPU',
  wasm: 'WASM',
  checkedOn: 'Geprüft am {date}.',
  freed: '{bytes} freigegeben; der Text von „{title}“ bleibt erhalten.',
  showAll: 'Alle {count} anzeigen',
  askDeleteRecording: 'Diese Aufnahme löschen?',
  deleteRecordingHint:
    'Die Aufnahme von „<bdi>{title}</bdi>“ kann hier dann nicht mehr abgespielt werden, und das lässt sich nicht rückgängig machen. Der Text bleibt erhalten.',
  builtIn: 'Eingebaut',
  theModel: 'Das Modell',
  knowsOneLanguage:
    '{language}. <muted>{model} kennt keine andere Sprache: Anderes wird zu falschen Wörtern dieser Sprache ({language}).</muted>',
  'numbers.as-is': 'Wie das Modell sie schreibt',
  'numbers.figures': 'In Ziffern',
  'numbers.words': 'In Worten',
  checkDevice:
    '<link>Dieses Gerät prüfen</link> zeigt, was dieser Browser kann und wie schnell er ist.',
  privateSession: 'Private Sitzung',
  privateHint:
    'Behält alles aus diesem Tab im Arbeitsspeicher: Transkripte sind weg, sobald Sie ihn schließen oder neu laden. Auf dieses Gerät wird nichts geschrieben, und es gibt kein Konto. Aufnehmen ist möglich, aber die Aufnahme geht mit dem Tab verloren. Installierte Modelle lassen sich verwenden, aber keine hinzufügen. Was schon gespeichert ist, bleibt erhalten und wird nicht angezeigt.',
  beginPrivate: 'Private Sitzung beginnen',
  isPrivate: 'Dieser Tab ist eine private Sitzung.',
  noPrivateHere:
    'Dieser Browser erlaubt keine private Sitzung: Er speichert nichts für diese Website.',
  whatWasSent: '<link>Was diese Seite gesendet hat</link> listet jede Anfrage und ihren Grund auf.',
  'refused.too-long': 'Zeile {line}, „{text}“, hat mehr als {characters} Zeichen.',
  'refused.too-many-words': 'Zeile {line}, „{text}“, hat mehr als {words} Wörter.',
  'refused.no-letters': 'Zeile {line}, „{text}“, hat keinen Buchstaben von A bis Z.',
  'refused.sounds-like':
    'Zeile {line}, „{text}“: Wie ein Name klingt, wird mit Buchstaben von A bis Z geschrieben, bei mehreren Wörtern Wort für Wort.',
  'refused.too-many-entries': 'Zeile {line}, „{text}“, kommt nach dem {entries}. Eintrag.',
  entries: '{count} von {most} Einträgen',
  saving: ', wird gespeichert …',
  failed: ', nicht gespeichert',
  vocabularyHint:
    'Ein Name oder Begriff pro Zeile, so geschrieben, wie er im Text stehen soll. Draft, Base und Whisper-Modelle bevorzugen diese Wörter und können auch solche schreiben, die sie nicht kennen; ein ähnlich klingendes Wort kann als eines davon erscheinen. Andere Modelle übernehmen nur die Großschreibung. Ein Eintrag wie IT oder US lässt die Wörter „it“ und „us“ unverändert. Wird ein Name nicht so gesprochen, wie man ihn auf Englisch liest, schreiben Sie für Draft hinter =, wie er klingt: Siobhan = shivawn. Bis zu {entries} Einträge mit jeweils höchstens {words} Wörtern und {characters} Zeichen. Die Liste gilt für Dateien, die ab jetzt gestartet werden.',
  menusAndMessages: 'Menüs und Meldungen',
  importList: 'Liste importieren',
  exportList: 'Liste exportieren',
  listFile: 'eigenes-vokabular.txt',
  listTooLarge:
    'Diese Datei ist zu groß für eine Liste von Namen. Wählen Sie eine Textdatei mit einem Namen je Zeile.',
};
