import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** The same in German. */
export const de: Translation<typeof en> = {
  captions: 'Untertitel',
  liveCaptions: 'Live-Untertitel',
  display: 'Anzeige',
  smaller: 'Kleinere Schrift',
  larger: 'Größere Schrift',
  colours: 'Farben',
  'colours.system': 'Wie das Gerät',
  'colours.light': 'Schwarz auf Weiß',
  'colours.dark': 'Weiß auf Schwarz',
  'colours.yellow': 'Gelb auf Schwarz',
  lines: 'Zeilen',
  'lines.count': '{count, plural, =0 {Fenster füllen} one {# Zeile} other {# Zeilen}}',
  fullscreen: 'Vollbild',
  leaveFullscreen: 'Vollbild beenden',
  keys: 'Tasten: + und − ändern die Größe, F füllt den Bildschirm.',
  backToNow: 'Zurück zum Live-Text',
  openWindow: 'In einem Fenster öffnen',
  windowBlocked:
    'Der Browser hat das Fenster blockiert. Erlauben Sie Pop-ups für diese Seite und versuchen Sie es noch einmal.',
  screenMayTurnOff: 'Der Bildschirm kann sich ausschalten.',
  unsure: 'Kursive, gepunktet unterstrichene Wörter können sich noch ändern.',
  speaker: '{name}:',
  'phase.waiting': 'Es wird auf die Aufnahme gewartet',
  'phase.listening': 'Es wird zugehört',
  'phase.paused': 'Pause',
  'phase.unavailable': 'Diesmal gibt es keinen Live-Text',
  'phase.ended': 'Die Aufnahme ist beendet',
  connecting: 'Verbindung zur Aufnahme wird hergestellt …',
  lost: 'Verbindung verloren: Der Tab mit der Aufnahme wurde geschlossen oder neu geladen',
  noRecording:
    'Untertitel werden mit der Schaltfläche „Untertitel“ neben einer Aufnahme geöffnet. Dieses Fenster ist mit keiner verbunden.',
  emptyWaiting: 'Die Wörter erscheinen hier, sobald die Aufnahme beginnt.',
  emptyListening: 'Die Wörter erscheinen hier, während sie gesprochen werden.',
  emptyEnded: 'Es wurden keine Wörter erkannt.',
};
