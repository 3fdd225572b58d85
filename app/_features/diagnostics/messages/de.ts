import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  decoding: '{name} wird dekodiert',
  decodedSoFar: '{name} wird dekodiert: bisher {audio} Ton',
  speed: 'Geschwindigkeit',
  measureDecoding: 'Dekodieren messen',
  checkDevice: 'Dieses Gerät prüfen',
  whatItCanDo: 'Was es kann',
  part: 'Bestandteil',
  state: 'Zustand',
  good: 'Gut',
  notGood: 'Nicht gut',
  requests: 'Was diese Seite gesendet hat',
  requestsIntro:
    'Jede Anfrage dieses Besuchs, aus allen offenen Tabs, und ihr Grund. Ton und Text Ihrer Transkripte sind in keiner davon enthalten, außer in einer Freigabe, für die sie vor dem Senden verschlüsselt werden, und in Ausschnitten, die Sie für einen Trainingsdatensatz geben. Die Liste bleibt nur im Arbeitsspeicher.',
  requestCount:
    '{count, plural, =0 {Keine Anfragen} one {# Anfrage} other {# Anfragen}}, {others, plural, =0 {keine an einen anderen Host} other {# an andere Hosts}}',
  unexplainedCount:
    '{count, plural, =0 {Jede Anfrage ist erklärt.} one {# Anfrage ist nicht erklärt.} other {# Anfragen sind nicht erklärt.}}',
  blockedCount:
    '{count, plural, one {Der Browser hat # Versuch verhindert, einen anderen Host zu erreichen: {hosts}} other {Der Browser hat # Versuche verhindert, andere Hosts zu erreichen: {hosts}}}',
  noRequests: 'Es wurde noch nichts gesendet.',
  ownServer: 'dieser Server',
  requestSizes: '{sent} gesendet, {received} empfangen',
  sizeUnknown: 'Größe unbekannt',
  showEarlier: 'Alle {count} anzeigen',
  reasonApp: 'Dateien der App',
  reasonPage: 'Seiten der App',
  reasonOfflineCopy: 'Kopie der App für die Nutzung ohne Netz',
  reasonBuiltInModel: 'Mitgelieferte Sprachmodelle',
  reasonModelList: 'Welche Modelle es gibt',
  reasonModelQuestion: 'Fragen an den Modell-Hub zu einem Modell, das Sie angefordert haben',
  reasonModelDownload: 'Herunterladen eines Sprachmodells',
  reasonAccount: 'Anmeldung und Ihr Konto',
  reasonDeviceList: 'Die gemeinsame Liste Ihrer Geräte',
  reasonTrainingSet:
    'Ausschnitte und Text, die Sie für den Trainingsdatensatz gegeben haben, und Fragen danach',
  reasonShare: 'Freigaben: was Sie teilen, verschlüsselt',
  reasonServerFacts: 'Zustand des Servers',
  reasonUnexplained: 'Nicht erklärt',
  whatCannotBeSeen: 'Was diese Liste nicht sehen kann',
  cannotSee:
    'Anfragen, die der Browser für sich selbst stellt oder die seine Erweiterungen stellen. Links zu anderen Websites, denen Sie folgen. Anfragen von Teilen, die eine Bibliothek in einem eigenen Thread ausführt, und die früherer Besuche. Größen, die der Browser nicht angibt: Gesendetes zählt er nur bei Anfragen, die die App selbst stellt.',
  howHeld:
    'Der Browser sorgt dafür, dass sich die App daran hält: Seiten und Worker dürfen nur diesen Server erreichen. Es gibt zwei Ausnahmen: Der Worker, der Modelle herunterlädt, darf auch den Modell-Hub erreichen, und Seiten dürfen den Objektspeicher des Betreibers erreichen, wenn dieser dafür eingerichtet ist.',
};
