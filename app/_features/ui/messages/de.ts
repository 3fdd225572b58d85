import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  copyLink: 'Link kopieren',
  reportCopied: 'Der Bericht ist in der Zwischenablage.',
  copyReport: 'Bericht kopieren',
  close: 'Schließen',
  hide: 'Verbergen',
  show: 'Anzeigen',
  onEachTrack: ' auf jeder der {tracks} Audiospuren',
  onTrack: ' auf Spur {track} von {tracks} ({channels})',
  onOnlyTrack: ' auf der einzigen Audiospur ({channels})',
  allSilence: 'alles ist still',
  noSpeechFound: 'Keine Sprache gefunden. Untersucht: {duration} Ton{where}; {level}.',
  chooseAnotherTrack: 'Wählen Sie eine andere Audiospur.',
  checkLevel: 'Prüfen Sie Mikrofon oder Eingang und den Pegel, und nehmen Sie neu auf.',
  listenToIt:
    'Hören Sie hinein: Wenn dort jemand spricht, versuchen Sie in den Einstellungen ein anderes Modell oder eine andere Sprache.',
  tryAgain: 'Erneut versuchen',
  track: 'Spur {number}',
  channels: '{channels} Kanäle',
  doneOfTotal: '{done} von {total}',
  refused: 'Dieser Browser lässt nicht zu, dass die Seite Text kopiert.',
  copied: 'Kopiert.',
  aFewSecondsLeft: 'noch wenige Sekunden',
  timeLeft: 'noch etwa {time}',
  hideTypedCharacters: 'Eingegebene Zeichen verbergen',
  showTypedCharacters: 'Eingegebene Zeichen anzeigen',
  noSpeechInRecording: 'In dieser Aufnahme wurde keine Sprache gefunden.',
  nearlySilent: 'die lauteste Stelle hat {loudest} dBFS, das ist fast still',
  loudestMoment: 'die lauteste Stelle hat {loudest} dBFS',
  mono: 'Mono',
  stereo: 'Stereo',
  percent: '{percent} %',
  milliseconds: '{milliseconds} ms',
  seconds: '{seconds} s',
  minutes: '{minutes} min',
  hours: '{hours} h',
  hoursAndMinutes: '{hours} h {minutes} min',
  'SOURCE_EMPTY.happened': 'Diese Datei ist leer.',
  'SOURCE_EMPTY.next': 'Wählen Sie sie erneut, falls sie noch geschrieben wurde.',
  'SOURCE_UNREADABLE.happened': 'Diese Datei konnte nicht gelesen werden.',
  'SOURCE_UNREADABLE.next': 'Prüfen Sie, ob sie noch da ist, und wählen Sie sie erneut.',
  'SOURCE_GONE.happened':
    'Die Aufnahme wurde verschoben, geändert oder geschlossen, bevor sie fertig war.',
  'SOURCE_GONE.next': 'Wählen Sie sie erneut, um dort fortzufahren, wo sie stehen blieb.',
  'MIC_DENIED.happened': 'Diese Seite darf das Mikrofon nicht verwenden.',
  'MIC_DENIED.next':
    'Erlauben Sie es in der Adressleiste und in den Systemeinstellungen, und starten Sie dann erneut.',
  'MIC_NOT_FOUND.happened': 'Es wurde kein Mikrofon gefunden.',
  'MIC_NOT_FOUND.next':
    'Schließen Sie eines an oder wählen Sie einen anderen Eingang, und starten Sie dann erneut.',
  'MIC_BUSY.happened':
    'Das Mikrofon konnte nicht geöffnet werden: Vielleicht verwendet es ein anderes Programm.',
  'MIC_BUSY.next':
    'Schließen Sie dieses Programm oder wählen Sie einen anderen Eingang, und starten Sie dann erneut.',
  'DISPLAY_NO_AUDIO.happened': 'Der Tab oder Bildschirm wurde ohne Ton freigegeben.',
  'DISPLAY_NO_AUDIO.next':
    'Starten Sie erneut, wählen Sie einen Tab oder den ganzen Bildschirm, und schalten Sie die Freigabe des Tons ein.',
  'CAPTURE_UNSUPPORTED.happened': 'Dieser Browser kann das Gewählte nicht aufnehmen.',
  'CAPTURE_UNSUPPORTED.next':
    'Wählen Sie einen anderen Eingang, oder verwenden Sie ein aktuelles Chrome oder Edge auf einem Computer.',
  'DECODE_UNSUPPORTED.happened': 'Das ist keine Aufnahme, die gelesen werden kann.',
  'DECODE_UNSUPPORTED.next': 'Versuchen Sie es mit einer Audio- oder Videodatei.',
  'DECODE_NO_AUDIO.happened': 'Dieses Video hat keinen Ton.',
  'DECODE_NO_AUDIO.next': '',
  'DECODE_EMPTY.happened': 'Diese Datei hat einen Kopf, aber keinen Ton.',
  'DECODE_EMPTY.next':
    'Wenn sie eine Aufnahme enthalten sollte, kopieren oder exportieren Sie sie erneut.',
  'DECODE_INCOMPLETE.happened':
    'Die Datei ist unvollständig: Ein Teil, der zum Abspielen nötig ist, fehlt.',
  'DECODE_INCOMPLETE.next': 'Kopieren oder laden Sie sie erneut.',
  'DECODE_FAILED.happened':
    'Der Ton in dieser Datei ist beschädigt und konnte nicht gelesen werden.',
  'DECODE_FAILED.next': 'Versuchen Sie es erneut oder mit einer anderen Kopie der Datei.',
  'SEGMENT_FAILED.happened': 'In dieser Aufnahme konnte keine Sprache erkannt werden.',
  'SEGMENT_FAILED.next': 'Versuchen Sie es erneut.',
  'DIARISE_FAILED.happened':
    'Die Sprecherinnen und Sprecher dieser Aufnahme konnten nicht unterschieden werden.',
  'DIARISE_FAILED.next':
    'Versuchen Sie es erneut, oder laden Sie auf der Seite „Modelle“ ein anderes Modell für die Sprecherzuordnung herunter.',
  'MODEL_DOWNLOAD_FAILED.happened': 'Das Sprachmodell konnte nicht geladen werden.',
  'MODEL_DOWNLOAD_FAILED.next':
    'Prüfen Sie die Verbindung zu dieser Website, und versuchen Sie es erneut.',
  'MODEL_HASH_MISMATCH.happened':
    'Das Sprachmodell ist beschädigt oder wurde verändert, deshalb wird es nicht verwendet.',
  'MODEL_HASH_MISMATCH.next':
    'Laden Sie die Seite neu, und versuchen Sie es erneut; wenn es wieder geschieht, muss die App neu installiert werden.',
  'MODEL_UNSUPPORTED.happened': 'Das ist kein Modell, das die App ausführen kann.',
  'MODEL_UNSUPPORTED.next':
    'Nötig sind die ONNX-Dateien eines Whisper-, Moonshine- oder Parakeet-Modells.',
  'MODEL_NOT_INSTALLED.happened': 'Das gewählte Sprachmodell ist nicht mehr auf diesem Gerät.',
  'MODEL_NOT_INSTALLED.next':
    'Laden Sie es unter „Modelle“ erneut herunter, oder wählen Sie dort ein anderes; versuchen Sie es dann erneut.',
  'BACKEND_UNAVAILABLE.happened': 'Dieser Browser kann das Sprachmodell nicht ausführen.',
  'BACKEND_UNAVAILABLE.next':
    'Wählen Sie in den Einstellungen „Automatisch“ als Backend, oder verwenden Sie einen aktuellen Chrome, Edge oder Firefox.',
  'GPU_DEVICE_LOST.happened': 'Der Grafikprozessor antwortet nicht mehr.',
  'GPU_DEVICE_LOST.next':
    'Versuchen Sie es erneut; wenn es oft geschieht, wählen Sie unter „Modelle“ ein anderes.',
  'OUT_OF_MEMORY.happened': 'Der Arbeitsspeicher reichte nicht aus, um fortzufahren.',
  'OUT_OF_MEMORY.next':
    'Schließen Sie andere Tabs, und versuchen Sie es erneut; was fertig ist, bleibt erhalten.',
  'RECOGNISE_FAILED.happened': 'Die Sprache konnte nicht transkribiert werden.',
  'RECOGNISE_FAILED.next': 'Versuchen Sie es erneut; was fertig ist, bleibt erhalten.',
  'WORKER_CRASHED.happened': 'Ein Teil der App wurde unerwartet beendet.',
  'WORKER_CRASHED.next': 'Versuchen Sie es erneut; was fertig ist, bleibt erhalten.',
  'ABORTED.happened': 'Das wurde abgebrochen.',
  'ABORTED.next': '',
  'STORE_QUOTA.happened': 'Der Speicher dieses Browsers ist voll.',
  'STORE_QUOTA.next':
    'Löschen Sie Aufnahmen in den Einstellungen oder schaffen Sie Platz auf dem Datenträger, und versuchen Sie es erneut; was fertig ist, bleibt erhalten.',
  'PRIVATE_SESSION.happened': 'Eine private Sitzung schreibt nichts auf dieses Gerät.',
  'PRIVATE_SESSION.next':
    'Beenden Sie die private Sitzung, um Modelle herunterzuladen, hinzuzufügen oder zu löschen.',
  'STORE_BLOCKED.happened': 'Die Bibliothek wird von einem anderen Tab gesperrt.',
  'STORE_BLOCKED.next': 'Schließen Sie den anderen AI2Text-Tab, und laden Sie diese Seite neu.',
  'STORE_CORRUPT.happened':
    'Die gespeicherten Daten dieser Aufnahme können nicht mehr gelesen werden.',
  'STORE_CORRUPT.next': 'Fügen Sie die Datei erneut hinzu.',
  'STORE_FAILED.happened': 'Der Browser konnte die Bibliothek nicht speichern oder lesen.',
  'STORE_FAILED.next':
    'Versuchen Sie es erneut; private Fenster mancher Browser lassen es nicht zu.',
  'RECORDING_UNDER_WAY.happened': 'Eine Aufnahme läuft, und sie gehört zu dieser Bibliothek.',
  'RECORDING_UNDER_WAY.next': 'Stoppen Sie sie zuerst; sie wird dann gespeichert.',
  'COPY_UNDER_WAY.happened': 'Eine Datei wird noch in diesen Browser kopiert.',
  'COPY_UNDER_WAY.next':
    'Warten Sie, bis das fertig ist, oder entfernen Sie die Datei aus der Warteschlange.',
  'SHARE_LINK_INVALID.happened': 'Dieser Link ist nicht vollständig.',
  'SHARE_LINK_INVALID.next': 'Kopieren Sie den ganzen Link, und öffnen Sie ihn erneut.',
  'SHARE_DECRYPT_FAILED.happened': 'Das geteilte Transkript ist beschädigt oder wurde verändert.',
  'SHARE_DECRYPT_FAILED.next': 'Bitten Sie um einen neuen Link.',
  'SHARE_TOO_NEW.happened':
    'Das wurde mit einer neueren Version von AI2Text erstellt als diese Seite.',
  'SHARE_TOO_NEW.next':
    'Laden Sie die Seite neu; wenn das nicht hilft, bitten Sie den Betreiber dieses Servers, ihn zu aktualisieren.',
  'SHARE_TOO_LARGE.happened':
    'Dieses Transkript ist zu groß, um in einem Browser geöffnet zu werden.',
  'SHARE_TOO_LARGE.next':
    'Bitten Sie die Person, die es geteilt hat, es in kleineren Teilen zu teilen.',
  'INBOX_KEY_MISSING.happened': 'Dieses Gerät hat den Schlüssel dieses Transkripts nicht.',
  'INBOX_KEY_MISSING.next':
    'Wählen Sie die Schlüsseldatei, die Sie auf einem anderen Gerät gespeichert haben.',
  'INBOX_DECRYPT_FAILED.happened': 'Dieses Transkript ist beschädigt oder wurde verändert.',
  'INBOX_DECRYPT_FAILED.next':
    'Legen Sie die Aufnahme unter einem anderen Namen noch einmal in den Eingang.',
  'SYNC_CONFLICT.happened': 'Ein anderes Gerät hat das im selben Moment geändert.',
  'SYNC_CONFLICT.next':
    'Prüfen Sie es, und wiederholen Sie Ihre Änderung, falls sie noch nötig ist.',
  'UNAUTHENTICATED.happened': 'Sie sind nicht angemeldet.',
  'UNAUTHENTICATED.next': 'Melden Sie sich an, und versuchen Sie es erneut.',
  'FORBIDDEN.happened': 'Dazu sind Sie nicht berechtigt.',
  'FORBIDDEN.next': '',
  'NOT_FOUND.happened': 'Das ist nicht mehr vorhanden.',
  'NOT_FOUND.next': '',
  'BAD_REQUEST.happened': 'Das ist mit dieser Aufnahme nicht möglich.',
  'BAD_REQUEST.next': '',
  'TOO_LARGE.happened': 'Das ist größer, als der Server annimmt.',
  'TOO_LARGE.next': 'Lassen Sie den Ton weg, oder teilen Sie eine kürzere Aufnahme.',
  'RATE_LIMITED.happened': 'Das waren zu viele Versuche.',
  'RATE_LIMITED.next': 'Warten Sie einige Minuten, und versuchen Sie es erneut.',
  'SERVER_BUSY.happened': 'Der Server kann das im Moment nicht ausführen.',
  'SERVER_BUSY.next': 'Versuchen Sie es in einer Minute erneut.',
  'CONNECTION_SLOW.happened': 'Die Verbindung zum Server ist zu langsam oder ins Stocken geraten.',
  'CONNECTION_SLOW.next': 'Versuchen Sie es mit einer besseren Verbindung erneut.',
  'OFFLINE.happened': 'Es besteht keine Verbindung.',
  'OFFLINE.next': 'Versuchen Sie es erneut, sobald sie wieder da ist.',
  'UNKNOWN.happened': 'Etwas Unerwartetes ist schiefgegangen.',
  'UNKNOWN.next': 'Versuchen Sie es erneut; wenn es wieder geschieht, laden Sie die Seite neu.',
  'worker.ABORTED': 'Die Transkription wurde beendet.',
  'worker.SOURCE_GONE': 'Die Aufnahme wurde ersetzt oder entfernt, bevor sie transkribiert war.',
  'worker.MODEL_NOT_INSTALLED': 'Dem Server, der transkribiert, fehlt das Sprachmodell.',
  'worker.BACKEND_UNAVAILABLE':
    'Der Server, der transkribiert, kann das Sprachmodell nicht ausführen.',
  'worker.OUT_OF_MEMORY': 'Der Server, der transkribiert, hatte nicht genug Arbeitsspeicher.',
  'worker.WORKER_CRASHED': 'Die Transkription dieser Aufnahme ist zu oft abgebrochen.',
  'worker.failed': 'Die Aufnahme konnte nicht transkribiert werden.',
};
