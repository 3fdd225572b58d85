import type { Translation } from '@/app/_features/i18n';
import type { redactionTexts as en } from './redaction-en';

/** German. */
export const redactionTexts: Translation<typeof en> = {
  'redact.hint':
    'Wählen Sie, was in der Kopie fehlen soll und was an seiner Stelle steht. Derselbe Name wird überall durch denselben Text ersetzt. Dieses Transkript bleibt, wie es ist.',
  'redact.opening': 'Namen und Zahlen werden gesucht …',
  'redact.nothing':
    'Es wurden keine Namen oder Zahlen gefunden. Fügen Sie hinzu, was entfernt werden soll.',
  'redact.add': 'Wort oder Wendung hinzufügen',
  'redact.addButton': 'Hinzufügen',
  'redact.notFound': 'Das kommt im Text nicht vor.',
  'redact.kind.added': 'Hinzugefügt',
  'redact.kind.speaker': 'Sprecher',
  'redact.kind.name': 'Namen und Begriffe',
  'redact.kind.number': 'Zahlen, Daten und Beträge',
  'redact.kind.address': 'Adressen',
  'redact.role.added': '[Geschwärzt {number}]',
  'redact.role.speaker': '[Sprecher {number}]',
  'redact.role.name': '[Name {number}]',
  'redact.role.number': '[Zahl {number}]',
  'redact.role.address': '[Adresse {number}]',
  'redact.roleOf': 'Anstelle von {text}',
  'redact.count': '{count, plural, one {# Stelle} other {# Stellen}}',
  'redact.unlikely': 'Weniger wahrscheinlich ({count})',
  'redact.unlikelyHint':
    'Großgeschriebene Wörter, die vermutlich keine Namen sind. Wählen Sie die aus, die es doch sind.',
  'redact.showMore': 'Mehr anzeigen',
  'redact.title': 'Titel der Kopie',
  'redact.copyTitle': '{title} (geschwärzt)',
  'redact.sound': 'Aufnahme der Kopie',
  'redact.sound.tone': 'Ein leiser Ton über diesen Wörtern',
  'redact.sound.silence': 'Stille anstelle dieser Wörter',
  'redact.sound.none': 'Keine Aufnahme',
  'redact.notKept': 'Die Aufnahme ist auf diesem Gerät nicht gespeichert: Die Kopie hat keine.',
  'redact.read':
    'Nicht alles wird gefunden. Lesen Sie die Kopie und hören Sie sie an, bevor Sie sie weitergeben. Stimmen werden nicht verändert.',
  'redact.start': 'Kopie erstellen',
  'redact.writing': 'Die Kopie wird geschrieben',
  'redact.done': 'Die Kopie ist in Ihrer Bibliothek.',
  'redact.noSound': 'Sie hat keine Aufnahme, weil diese nicht geschrieben werden konnte.',
  'redact.openCopy': 'Kopie öffnen',
  'redact.back': 'Zurück',
};
