import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  give: 'Geben',
  giveTitle: 'Für einen Trainingsdatensatz geben',
  giveIntro:
    'Sie können helfen, Sprachmodelle zu verbessern: Geben Sie kurze Ausschnitte dieser Aufnahme mit Ihrem korrigierten Text für den Trainingsdatensatz dieses Servers. Nichts wird gesendet, bevor Sie auf „Geben“ drücken, nichts anderes in dieser App hängt davon ab, und Sie können jeden Ausschnitt jederzeit zurückziehen.',
  privateSession:
    'Aus einer privaten Sitzung kann nichts gegeben werden: Sie behält nichts, und was Sie gegeben haben, könnten Sie hier später nicht zurückziehen.',
  checkingSignIn: 'Es wird geprüft, ob Sie angemeldet sind …',
  accountNeeded:
    'Melden Sie sich an, um Ausschnitte zu geben, damit Sie sie auf jedem Ihrer Geräte zurückziehen können.',
  signIn: 'Anmelden',
  recordingNeeded:
    'Die Aufnahme ist in diesem Browser nicht mehr gespeichert. Die Ausschnitte werden aus ihr geschnitten, daher kann nichts mehr gegeben werden.',
  lookingForClips: 'Ausschnitte werden gesucht …',
  noClips:
    'Es gibt noch keinen Ausschnitt, den Sie geben könnten. Nur Abschnitte, die Sie bearbeitet oder deren zweifelhafte Wörter Sie bestätigt haben, ergeben Ausschnitte.',
  clips: 'Ausschnitte, die Sie geben können',
  selectAll: 'Alle Ausschnitte auswählen',
  selectNone: 'Keinen auswählen',
  selected:
    '{count, plural, =0 {Kein Ausschnitt ist ausgewählt.} one {# Ausschnitt ist ausgewählt: {duration}.} other {# Ausschnitte sind ausgewählt: {duration}.}}',
  play: 'Ausschnitt bei {time} abspielen',
  stopPlaying: 'Anhalten',
  'level.edited': 'Bearbeitet',
  'level.confirmed': 'Bestätigt',
  omitted:
    '{count, plural, one {# geprüfter Text ergibt keinen Ausschnitt:} other {# geprüfte Texte ergeben keine Ausschnitte:}}',
  'omitted.short': 'kürzer als 1 Sekunde',
  'omitted.long':
    'länger als 30 Sekunden, ohne bekannte Stelle zwischen Wörtern, an der er sich teilen ließe',
  licence: 'Lizenz',
  licenceHint: 'Unter der andere die Ausschnitte und ihren Text nutzen dürfen.',
  'licence.CC0-1.0': 'CC0 1.0: Alle dürfen sie für alles nutzen, ohne jemanden zu nennen',
  'licence.CC-BY-4.0': 'CC BY 4.0: Alle dürfen sie nutzen, die die Quelle nennen',
  'licence.CC-BY-SA-4.0':
    'CC BY-SA 4.0: wie CC BY, und was daraus entsteht, muss unter denselben Bedingungen weitergegeben werden',
  assurances: 'Bitte bestätigen Sie',
  'assurance.rights': 'Ich habe das Recht, diese Aufnahme und diesen Text zu geben.',
  'assurance.speakers': 'Alle, die in den ausgewählten Ausschnitten zu hören sind, stimmen dem zu.',
  'assurance.sensitive':
    'Die ausgewählten Ausschnitte enthalten nichts Vertrauliches: keine Gesundheits-, Finanz- oder anderen sensiblen Daten über irgendjemanden.',
  consent:
    'Wenn Sie auf „Geben“ drücken, werden die ausgewählten Ausschnitte und ihr Text an diesen Server gesendet und dort aufbewahrt, um damit Sprachmodelle zu trainieren, unter der Lizenz, die Sie gewählt haben. Versionen des Trainingsdatensatzes, die vor einem Zurückziehen veröffentlicht wurden, können von anderen kopiert worden sein.',
  selectSomething: 'Wählen Sie mindestens einen Ausschnitt aus.',
  chooseLicence: 'Wählen Sie eine Lizenz.',
  confirmAll: 'Bestätigen Sie alle drei Aussagen.',
  agreed:
    '{count, plural, one {# Ausschnitt ist unterwegs.} other {# Ausschnitte sind unterwegs.}}',
  given: 'Aus diesem Transkript gegeben',
  withdraw: 'Zurückziehen',
  withdrawAll: 'Alle zurückziehen',
  withdrawClip: 'Ausschnitt bei {time} zurückziehen',
  'state.waiting': 'Wartet auf das Senden',
  'state.sending': 'Wird gesendet …',
  'state.given': 'Gegeben',
  'state.refused': 'Nicht angenommen',
  'state.withdrawing': 'Zurückgezogen; der Server wurde noch nicht erreicht',
  'state.withdrawn': 'Zurückgezogen',
  'refusal.hash': 'er kam beschädigt an',
  'refusal.not_flac': 'der Server konnte ihn nicht dekodieren',
  'refusal.format': 'der Server nimmt diese Art von Ton nicht an',
  'refusal.length': 'die Aufnahme endet zu früh dafür',
  'refusal.clip_missing': 'der Server hat seinen Ton nicht behalten',
  'refusal.conflict': 'unter seinem Namen wurde etwas anderes gegeben',
  'refusal.withdrawn': 'er wurde auf einem anderen Gerät zurückgezogen',
  'refusal.taken': 'jemand anderes hat denselben Ausschnitt gegeben',
  'refusal.consent_time':
    'der Zeitpunkt Ihrer Zustimmung kann nicht stimmen; stellen Sie die Uhr dieses Geräts und geben Sie ihn noch einmal',
  'refusal.source': 'seine Aufnahme ist in diesem Browser nicht mehr gespeichert',
  'refusal.decode': 'seine Aufnahme konnte nicht dekodiert werden',
  'refusal.invalid': 'der Server nimmt seinen Text nicht an',
  sendingStopped: 'Die Ausschnitte werden zurzeit nicht gesendet. {reason}',
  trainingSet: 'Trainingsdatensatz',
  trainingSetIntro:
    'Ausschnitte, die Menschen auf diesem Server mit ihrem korrigierten Text gegeben haben, um damit Sprachmodelle zu trainieren. Um welche zu geben, öffnen Sie ein Transkript, das Sie korrigiert haben, und wählen Sie in seinem Menü „Mehr“ den Punkt „Für einen Trainingsdatensatz geben“.',
  signedOut:
    'Melden Sie sich an, um zu sehen, was gegeben wurde, und um zurückzuziehen, was Sie gegeben haben.',
  noDatasetInPrivate:
    'Eine private Sitzung hat kein Konto und zeigt daher nichts vom Trainingsdatensatz.',
  loadingFigures: 'Die Zahlen werden geladen …',
  hours: 'Stunden',
  speakers: 'Sprecher',
  clipCount: 'Ausschnitte',
  duration: 'Länge',
  byLanguage: 'Nach Sprache',
  byLevel: 'Nach Art der Prüfung',
  language: 'Sprache',
  checked: 'Geprüft',
  nothingGiven: 'Es wurde noch nichts gegeben.',
  unpublished:
    '{clips, plural, =0 {Seit der letzten Version ist kein Ausschnitt neu} one {Seit der letzten Version ist # Ausschnitt ({duration}) neu} other {Seit der letzten Version sind # Ausschnitte ({duration}) neu}}{withdrawn, plural, =0 {.} one {, und # wurde zurückgezogen.} other {, und # wurden zurückgezogen.}}',
  badLines:
    '{count, plural, one {# Zeile des Manifests im Speicher konnte nicht gelesen werden. Sie wird gesondert aufbewahrt und nicht gezählt:} other {# Zeilen des Manifests im Speicher konnten nicht gelesen werden. Sie werden gesondert aufbewahrt und nicht gezählt:}}',
  badLinesTitle: 'Unlesbare Zeilen',
  badLine: '{object}, Zeile {line, number}: {reason}',
  versions: 'Versionen',
  noVersions: 'Es wurde noch keine Version veröffentlicht.',
  publish: 'Version veröffentlichen',
  publishHint:
    'Eine Version führt alles auf, was bis jetzt gegeben wurde, in den Formen, die NeMo, Lhotse, Hugging Face und Kaldi lesen. Sie wird danach nie mehr geändert.',
  ownerPublishes: 'Versionen veröffentlicht, wem dieser Server gehört.',
  publishing: 'Wird veröffentlicht …',
  publishingOf: 'Version {name} wird veröffentlicht',
  publishingGoesOn: 'Der Server schreibt sie auch dann, wenn Sie diese Seite schließen.',
  publishingInterrupted:
    'Das Schreiben wurde unterbrochen. Der Server versucht es von selbst noch einmal, oder sofort, wenn Sie „Version veröffentlichen“ wählen.',
  published: 'Version {name} wurde veröffentlicht.',
  unchanged: 'Seit Version {name} wurde nichts gegeben oder zurückgezogen.',
  nothingToPublish: 'Es gibt noch nichts zu veröffentlichen.',
  versionFacts:
    '{date} · {duration} · {clips, plural, one {# Ausschnitt} other {# Ausschnitte}} · {speakers, plural, one {# Sprecher} other {# Sprecher}}',
  versionWithdrawn:
    '{count, plural, one {# Eintrag früherer Versionen wurde zurückgezogen.} other {# Einträge früherer Versionen wurden zurückgezogen.}}',
  splits: 'Zum Training {train}, zur Entwicklung {dev}, zum Testen {test}.',
  versionHash: 'dataset.json: SHA-256 {sha256}',
  files: '{count, plural, one {# Datei} other {# Dateien}} von {name}',
  own: 'Was Sie gegeben haben',
  ownHint: 'Von allen Ihren Geräten. Was Sie zurückziehen, gehört nicht mehr zur nächsten Version.',
  nothingOwn: 'Im Trainingsdatensatz ist nichts von Ihnen.',
  recordingOf: 'Aus „{title}“',
  otherRecording: 'Aus einer Aufnahme auf einem anderen Gerät',
  'entry.waiting': 'für die nächste Version',
  'entry.published': 'in Version {version}',
  withdrawEntry: '„{text}“ zurückziehen',
  withdrawnToast:
    '{count, plural, one {# Ausschnitt wurde zurückgezogen.} other {# Ausschnitte wurden zurückgezogen.}}',
  more: 'Mehr anzeigen',
  training: 'Training',
  trainingRuns: 'Trainingsläufe',
  noTrainer:
    'Für diesen Server trainiert niemand Modelle: Sein Betreiber setzt dafür TRAINING_WEBHOOK_URL oder TRAINING_RAY_URL.',
  startsByHand: 'Das Training beginnt, wenn Sie es starten.',
  startsAt:
    'Das Training beginnt von selbst, wenn eine Version mindestens {duration} Sprache enthält, die kein früherer Lauf hatte.',
  startTraining: 'Mit {version} trainieren',
  lookAgain: 'Aktualisieren',
  runTitle: '{version}: {state}',
  'run.waiting': 'wartet auf die Übergabe',
  'run.sent': 'übergeben',
  'run.running': 'Training läuft',
  'run.done': 'fertig',
  'run.failed': 'fehlgeschlagen',
  'run.cancelled': 'abgebrochen',
  runFacts: '{date} · {duration} neue Sprache',
  'runFailure.silent':
    'Seit {date} kam keine Rückmeldung mehr, deshalb wurde es aufgegeben. Prüfen Sie das Programm, das trainiert, und starten Sie das Training dann erneut.',
  runHeard: 'Letzte Rückmeldung: {date}',
  trainingOf: 'Training mit {version}',
  runScores:
    'Wortfehlerrate auf den Testdaten: {after} %, zuvor {before} % ({clips, plural, one {# Ausschnitt} other {# Ausschnitte}}, {words, plural, one {# Wort} other {# Wörter}}).',
  cancelRun: 'Training mit {version} abbrechen',
  retryRun: 'Erneut mit {version} trainieren',
  useTrained: 'Das mit {version} trainierte Modell verwenden',
  usePrevious: 'Zurück zum vorherigen Modell',
  runLog: 'Protokoll des Trainings mit {version}',
};
