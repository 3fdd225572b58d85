import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** The texts of this feature in German. */
export const de: Translation<typeof en> = {
  title: 'Eingang',
  intro:
    'Aufnahmen, die in den Eingang dieses Servers gelegt werden, werden ohne Browser transkribiert. Übernehmen Sie in Ihre Bibliothek, was Sie brauchen.',
  signedOut: 'Melden Sie sich an, um Ihren Eingang zu sehen.',
  signIn: 'Anmelden',
  noInboxInPrivate: 'Eine private Sitzung hat keinen Eingang.',
  loading: 'Der Eingang wird geladen …',
  recordings: 'Aufnahmen',
  empty: 'Der Eingang ist leer.',
  emptyHint:
    'Aufnahmen im Ordner {folder} gehören Ihnen allein, alle anderen dem ganzen Team. Der Betreiber dieses Servers weiß, wie man sie dorthin legt.',
  new: 'Neu',
  waiting: 'Wartet',
  leased: 'Wird transkribiert',
  failed: 'Fehlgeschlagen',
  done: 'Transkribiert',
  dropped: 'Aufgegeben',
  ofTeam: 'Gehört dem ganzen Team, nicht verschlüsselt',
  sealed: 'Für Sie verschlüsselt',
  add: 'In die Bibliothek übernehmen',
  addOf: '{name} in die Bibliothek übernehmen',
  addWithSound: 'Mit Aufnahme übernehmen',
  addWithSoundOf: '{name} mit der Aufnahme in die Bibliothek übernehmen',
  adding: 'Wird übernommen …',
  cancel: 'Abbrechen',
  cancelOf: 'Übernehmen von {name} abbrechen',
  added: '{name} ist in Ihrer Bibliothek.',
  open: 'Öffnen',
  openOf: '{name} öffnen',
  downloadOf: 'Die Aufnahme {name} herunterladen',
  removeOf: '{name} entfernen',
  removed: '{name} wurde aus dem Eingang entfernt. Die Datei liegt noch, wo sie war.',
  undo: 'Rückgängig',
  unread:
    '{count, plural, one {# neues Transkript im Eingang.} other {# neue Transkripte im Eingang.}}',
  goToInbox: 'Eingang öffnen',
  privacy: 'Wer sie lesen kann',
  plainHint:
    'Die Transkripte Ihrer Aufnahmen liegen als Text auf dem Server. Wer dessen Datenbank lesen kann, kann auch sie lesen.',
  sealedHint:
    'Die Transkripte Ihrer Aufnahmen werden mit Ihrem Schlüssel verschlüsselt, bevor sie gespeichert werden. Lesen können sie nur Ihre Geräte, die den Schlüssel haben.',
  soundHint:
    'Die Aufnahmen selbst und was dem ganzen Team gehört, sind nicht verschlüsselt. Ihre Wahl gilt für Aufnahmen, deren Transkription noch nicht begonnen hat.',
  seal: 'Meine Transkripte verschlüsseln',
  sealedNow:
    'Ihre Transkripte werden von jetzt an verschlüsselt. Bewahren Sie die gespeicherte Schlüsseldatei auf: Ohne sie und ohne diesen Browser kann sie niemand lesen.',
  unseal: 'Nicht mehr verschlüsseln',
  unsealedNow: 'Die Transkripte Ihrer Aufnahmen werden von jetzt an als Text gespeichert.',
  saveKey: 'Schlüsseldatei speichern',
  keyFileHint:
    'Auf einem anderen Gerät brauchen Sie die Schlüsseldatei. Wer sie hat, kann Ihre Transkripte lesen.',
  keyMissing:
    'Dieses Gerät hat den Schlüssel Ihrer verschlüsselten Transkripte nicht. Wählen Sie die Schlüsseldatei, die Sie auf einem anderen Gerät gespeichert haben.',
  chooseKeyFile: 'Schlüsseldatei wählen',
  keyKept: 'Der Schlüssel ist jetzt auf diesem Gerät.',
  noKeyFile: 'Diese Datei ist keine Schlüsseldatei von AI2Text.',
};
