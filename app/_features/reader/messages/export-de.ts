import type { Translation } from '@/app/_features/i18n';
import type { exportTexts as en } from './export-en';

/** German. */
export const exportTexts: Translation<typeof en> = {
  'export.options': 'Exportoptionen …',
  'export.txt': 'Nur Text (.txt)',
  'export.template': 'Eigene Vorlage (.txt)',
  'export.formats': 'Formate',
  'export.several': 'Mehrere Formate werden zusammen als ZIP-Datei gespeichert.',
  'export.content': 'Inhalt',
  'export.speakers': 'Sprecher',
  'export.times': 'Zeitmarken',
  'export.bookmarks': 'Lesezeichen',
  'export.words': 'Jedes Wort einzeln',
  'export.words.hint': 'Für jedes Wort eine Zeile oder Annotation mit eigener Zeit.',
  'export.verbatim': 'Wörtlich',
  'export.verbatim.hint':
    'Genau so, wie es gesagt wurde. Sonst werden Fülllaute wie „ähm“ weggelassen.',
  'export.pauses': 'Pausen, als (2.1)',
  'export.minPause': 'Kürzeste Pause in Sekunden',
  'export.subtitles': 'Untertitel',
  'export.lineLength': 'Zeichen pro Zeile',
  'export.lines': 'Zeilen',
  'export.speed': 'Zeichen pro Sekunde',
  'export.minTime': 'Kürzeste Dauer in Sekunden',
  'export.maxTime': 'Längste Dauer in Sekunden',
  'export.frameRate': 'Bilder pro Sekunde',
  'export.speakerStyle': 'Neuer Sprecher (SubRip)',
  'export.speakerStyle.name': 'Name',
  'export.speakerStyle.dash': 'Strich',
  'export.outOfRange': 'Von {min} bis {max}.',
  'export.templateText': 'Vorlage',
  'export.placeholders': 'Platzhalter',
  'export.placeholdersHint':
    'Für das Ganze: {document}. Zwischen {segmentsStart} und {segmentsEnd} für jedes Segment: {segment}. Darin zwischen {wordsStart} und {wordsEnd} für jedes Wort: {word}. Zwischen {bookmarksStart} und {bookmarksEnd}: {bookmark}.',
  'export.template.unknown':
    'Zeile {line}, Spalte {column}: Einen Platzhalter „{name}“ gibt es hier nicht.',
  'export.template.unclosed-tag':
    'Zeile {line}, Spalte {column}: Die Klammern nach „{name}“ sind nicht geschlossen.',
  'export.template.unclosed-section':
    'Zeile {line}, Spalte {column}: Der Abschnitt „{name}“ ist nicht geschlossen.',
  'export.template.unopened-section':
    'Zeile {line}, Spalte {column}: „{name}“ wird hier geschlossen, ist aber nicht der offene Abschnitt.',
  'export.template.not-a-list':
    'Zeile {line}, Spalte {column}: „{name}“ ist eine Liste. Öffnen Sie sie mit # und schließen Sie sie mit /.',
  'export.check': 'Untertitelprüfung: {format}',
  'export.checking': 'Die Untertitel werden geprüft …',
  'export.allRight':
    '{cues, plural, one {# Untertitel hält} other {# Untertitel halten}} die Regeln ein.',
  'export.problems':
    '{count, plural, one {# Problem} other {# Probleme}} in {cues, plural, one {# Untertitel} other {# Untertiteln}}',
  'export.moreProblems': 'und {count} weitere',
  'export.problemAt': 'Nr. {number}, {time}: {problem}',
  'export.too-fast': '{value} Zeichen pro Sekunde, höchstens {limit}',
  'export.long-line': 'eine Zeile mit {value} Zeichen, höchstens {limit}',
  'export.too-many-lines': '{value} Zeilen, höchstens {limit}',
  'export.too-short': '{value} ms lang zu sehen, mindestens {limit}',
  'export.too-long': '{value} ms lang zu sehen, höchstens {limit}',
  'export.overlap': 'überschneidet sich um {value} ms mit dem nächsten',
  'export.small-gap': '{value} Bilder vor dem nächsten, mindestens {limit}',
  'export.preview': 'Vorschau',
  'export.noPreview': 'Für dieses Format gibt es keine Vorschau.',
  'export.save': 'Speichern',
  'export.reset': 'Zurücksetzen',
  'export.noFormat': 'Wählen Sie mindestens ein Format.',
  'export.preparing': 'Das Transkript wird gelesen …',
  'export.label.date': 'Datum',
  'export.label.duration': 'Dauer',
  'export.label.language': 'Sprache',
  'export.label.bookmark': 'Lesezeichen',
};
