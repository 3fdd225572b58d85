import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  entriesBeingRemoved: 'Die Einträge dieses Geräts werden vom Server entfernt.',
  showOnOtherDevices: 'Transkripte dieses Geräts auf meinen anderen Geräten anzeigen',
  whatIsShown: 'Titel, Sprachen und Längen; nie Worte, nie Ton.',
  nothingMoreIsSent:
    'Es wird nichts mehr gesendet. Was bereits gesendet wurde, steht noch in Ihrer Liste.',
  removeFromServer: 'Vom Server entfernen',
  listFull:
    'Die Liste auf dem Server ist voll. Löschen Sie Transkripte, die Sie nicht mehr brauchen.',
  sentWhenOnline:
    '{waiting, plural, one {# Änderung wird} other {# Änderungen werden}} gesendet, sobald Sie wieder online sind.',
  couldNotBeSent:
    '{waiting, plural, one {# Änderung konnte noch nicht gesendet werden und bleibt} other {# Änderungen konnten noch nicht gesendet werden und bleiben}} erhalten, bis der Server erreichbar ist.',
};
