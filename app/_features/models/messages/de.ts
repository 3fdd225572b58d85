import type { Translation } from '@/app/_features/i18n';
import type { en } from './en';

/** German. */
export const de: Translation<typeof en> = {
  anotherModel: 'Weiteres Modell',
  repository: 'Repository',
  ownerName: 'owner/name',
  add: 'Hinzufügen',
  repositoryHint:
    'Der Name oder die Seitenadresse eines Modells im ONNX-Format auf huggingface.co: Whisper, Moonshine oder Parakeet, oder eines für die Sprecherzuordnung.',
  chooseFolder: 'Ordner mit Modelldateien wählen',
  folderHint:
    'Oder legen Sie den Ordner auf dieser Seite ab. Die Dateien werden in diesen Browser kopiert; nichts wird irgendwohin gesendet.',
  encoder: 'Encoder',
  decoder: 'Decoder',
  reasonChosen: 'Grund: Sie haben es gewählt.',
  builtIn: 'Eingebaut',
  use: 'Verwenden',
  inUse: 'In Verwendung',
  fromOperator: 'Aus Dateien des Serverbetreibers',
  fromOwnFiles: 'Aus Ihren eigenen Dateien',
  onServerPublishedAt: 'Auf diesem Server, zuerst veröffentlicht unter',
  from: 'Von',
  opensInNewTab: '(öffnet huggingface.co in einem neuen Tab)',
  moreAbout: 'Mehr darüber',
  weights: 'Gewichte',
  madeFrom: 'Grundlage',
  download: 'Herunterladen',
  pause: 'Pausieren',
  resume: 'Fortsetzen',
  delete: 'Löschen',
  askDelete: 'Dieses Modell löschen?',
  keepIt: 'Behalten',
  deleteForGood: 'Endgültig löschen',
  beingChecked: 'Wird an einer Testaufnahme geprüft …',
  retry: 'Wiederholen',
  beingFetched:
    '{base} wird heruntergeladen: {transfer}. Bis es da ist, schreibt {draft} den Text.',
  fetchPaused: '{base} ist bei {transfer} pausiert. Inzwischen schreibt {draft} den Text.',
  notFetched: '{base} konnte nicht heruntergeladen werden, deshalb schreibt {draft} den Text.',
  fetchedNext:
    '{base} wird als Nächstes heruntergeladen. Bis es da ist, schreibt {draft} den Text.',
  firstWords: 'Diese ersten Wörter sind von {first}. {second} wird geladen und ersetzt sie.',
  secondWaits: 'Dies sind die Wörter von {first}. {second} ersetzt sie, sobald es da ist.',
  secondPass: '{second} ersetzt die Wörter von {first}: {progress}.',
  firstStays: 'Die Wörter von {first} bleiben.',
  textOfBoth: 'Der Text bis {clock} ist von {second}, der Rest von {first}.',
  secondFailed: '{second} wurde nicht fertig. {happened}',
  deletedAndFreed: '{name} wurde gelöscht, {bytes} freigegeben.',
  deleted: '{name} wurde gelöscht.',
  draftUsedAgain: '{freed} Jetzt wird wieder Draft verwendet.',
  noModelDropped: 'Es wurde keine .onnx-Datei abgelegt: Das ist kein Modell.',
  dropHere: 'Legen Sie den Ordner eines Modells ab, oder Aufnahmen zum Transkribieren',
  bashkir: 'Baschkirisch',
  tibetan: 'Tibetisch',
  severalLanguages: 'mehrere Sprachen',
  builtInHint: 'Eingebaut: kommt vom eigenen Server dieser App',
  notForDevice: 'Nicht für dieses Gerät: {missing}',
  otherProcessorOnly:
    'Die heruntergeladenen Dateien sind für den anderen Prozessor, der gerade nicht verwendet werden kann.',
  inUseSoon: 'In Verwendung, sobald es auf diesem Gerät ist: Bis dahin schreibt Draft den Text.',
  inUseNotHere:
    'In Verwendung, aber nicht auf diesem Gerät: Aufnahmen warten, bis es heruntergeladen ist.',
  pausedAt: 'Pausiert bei {transfer}',
  errorRate: 'Fehlerrate:',
  lookingUpModel: 'Sprachmodell wird gesucht …',
  modelInUse: 'Verwendetes Modell',
  tryAgain: 'Erneut versuchen',
  otherModels: 'Andere Modelle',
  wasmChosen: 'In den Einstellungen ist WASM als Backend gewählt.',
  askingForGpu: 'Der Browser wird nach einem Grafikprozessor gefragt.',
  noHalfPrecision: 'Der Grafikprozessor hier rechnet nicht mit halber Genauigkeit (shader-f16).',
  noFilesToRun: 'Es hat keine Dateien, die ein Browser ausführen kann.',
  models: 'Modelle',
  modelGone:
    'Das verwendete Modell ist nicht mehr aufgeführt: Neue Aufnahmen würden darauf warten.',
  lookingUpModels: 'Es wird nachgesehen, welche Modelle auf diesem Gerät sind …',
  errorRateHint:
    'Fehlerraten sind falsche Wörter von hundert, wie andere sie mit den vollständigen Modellen auf großen Computern gemessen haben. Was hier heruntergeladen wird, ist oft eine kleinere Form derselben Gewichte und kann etwas schlechter sein.',
  speakerLabels: 'Sprecherzuordnung',
  speakerLabelsHint:
    'Diese Modelle ermitteln, wer in einer Aufnahme was sagt. Nötig ist eines, das Stimmen vergleicht; zusammen mit dem Segmentierungsmodell werden auch Stellen gefunden, an denen zwei Personen zugleich sprechen.',
  speakerLabelsReady: 'Auf diesem Gerät können Sprecher zugeordnet werden.',
  onThisServer: 'Auf diesem Server',
  serverModelsHint:
    'Der Betreiber dieses Servers stellt diese bereit: Sie werden nur von dieser Adresse heruntergeladen.',
  modelsOnServer: 'Modelle auf diesem Server',
  forBrowsersWithoutModel: 'Für Browser, die kein Modell gewählt haben',
  builtInModel: 'Das eingebaute Modell',
  browsersWithoutModelUse: 'Browser, die kein Modell gewählt haben, verwenden {name}.',
  downloaded: '{name} ist heruntergeladen und funktioniert jetzt offline.',
  useIt: 'Verwenden',
  ranIn: ', in {time}',
  loadedIn: ' (Laden dauerte {time})',
  'selfTest.right': '{backend} liefert den richtigen Text',
  'selfTest.wrong-text': '{backend} liefert einen falschen Text und wird deshalb nicht verwendet',
  'selfTest.unavailable': '{backend} kann hier nicht verwendet werden',
  'selfTest.failed': '{backend} brach mit einem Fehler ab und wird deshalb nicht verwendet',
  'runs.kernels': '{part} läuft auf den eigenen Kernels der App',
  'runs.loop': '{part} verarbeitet viele Token auf einmal',
  'runs.choice': '{part} verarbeitet ein Token nach dem anderen',
  'runs.graph': '{part} läuft wie veröffentlicht',
  quickerWaysWrong: 'Schnellere Wege lieferten hier nicht den richtigen Text ({asPublished}).',
  reasonFastest: 'Grund: {backend} lieferte den richtigen Text am schnellsten.',
  reasonOnlyRight: 'Grund: {backend} lieferte den richtigen Text.',
  reasonChosenWrong:
    'Grund: Sie haben {backend} gewählt, aber es lieferte hier nicht den richtigen Text.',
  usedOnDevice: 'Auf diesem Gerät wird {backend} verwendet.',
  about: 'etwa {size}',
  languages: '{count, plural, one {# Sprache} other {# Sprachen}}',
  percent: '{percent} %',
  doneOfTotal: '{done} von {total}',
  'download.OFFLINE.happened': 'Es besteht keine Verbindung.',
  'download.OFFLINE.next':
    'Wiederholen Sie, sobald sie wieder da ist: Was heruntergeladen wurde, bleibt erhalten.',
  'download.MODEL_DOWNLOAD_FAILED.happened':
    'Der Download brach ab, oder die andere Website antwortete nicht.',
  'download.MODEL_DOWNLOAD_FAILED.next': '„Wiederholen“ setzt dort fort, wo er stehen blieb.',
  'download.MODEL_HASH_MISMATCH.happened':
    'Eine heruntergeladene Datei ist nicht die, die das Repository aufführt, und wurde deshalb verworfen.',
  'download.MODEL_HASH_MISMATCH.next': '„Wiederholen“ lädt sie erneut herunter.',
  'download.NOT_FOUND.happened':
    'Das Repository hat diese Dateien nicht mehr oder zeigt sie nur seinen Mitgliedern.',
  'download.NOT_FOUND.next': 'Öffnen Sie es auf seiner eigenen Website, um zu sehen, was dort ist.',
  'add.BAD_REQUEST.happened': 'Das ist nicht der Name eines Repositorys.',
  'add.BAD_REQUEST.next': 'Er hat die Form owner/name oder ist die Adresse der Seite.',
  'add.NOT_FOUND.happened': 'Dieses Repository gibt es nicht, oder es ist nicht für alle offen.',
  'add.NOT_FOUND.next': 'Prüfen Sie den Namen.',
  'add.MODEL_DOWNLOAD_FAILED.happened': 'Die Website mit den Modellen antwortete nicht.',
  'add.MODEL_DOWNLOAD_FAILED.next': 'Versuchen Sie es später erneut.',
  'add.SOURCE_UNREADABLE.happened': 'Eine Datei konnte nicht gelesen werden.',
  'add.SOURCE_UNREADABLE.next': 'Prüfen Sie, ob sie noch da ist, und wählen Sie den Ordner erneut.',
  storageFull: 'Der Speicher dieses Browsers ist voll.',
  noRoom: 'Es ist nicht genug Platz: Nötig sind {needed}, frei sind {free}.',
  noRoomBesideTexts:
    'Es ist nicht genug Platz: Nötig sind {needed}, frei sind nur {free}, von denen ein Teil für Ihre Texte bleibt.',
  makeRoom:
    'Löschen Sie hier andere Modelle oder in den Einstellungen Aufnahmen, oder schaffen Sie Platz auf dem Datenträger; versuchen Sie es dann erneut.',
  triedOnTestRecording: 'An einer Testaufnahme probiert: {results}',
  writesText: '{model} schreibt den Text.',
  'tooSmall.memory':
    '{model} schreibt den Text: Dieses Gerät hat zu wenig Arbeitsspeicher für {base}.',
  'tooSmall.cores':
    '{model} schreibt den Text: Dieses Gerät hat nur einen Prozessorkern, zu wenig für {base}.',
  'tooSmall.saves-data':
    '{model} schreibt den Text: Dieser Browser soll Daten sparen, und {base} müsste heruntergeladen werden.',
  'tooSmall.no-storage':
    '{model} schreibt den Text: Dieses Fenster behält keine Dateien, und {base} müsste jedes Mal heruntergeladen werden.',
  'tooSmall.no-room': '{model} schreibt den Text: Dieser Browser hat nicht genug Platz für {base}.',
  draftStandsIn: '{happened} {draft} schreibt den Text. {next}',
  'fetch.OFFLINE.happened': 'Es besteht keine Verbindung.',
  'fetch.OFFLINE.next':
    'Versuchen Sie es erneut, sobald sie wieder da ist: Was heruntergeladen wurde, bleibt erhalten.',
  'fetch.MODEL_DOWNLOAD_FAILED.happened':
    'Die Verbindung brach ab, oder der Server antwortete nicht.',
  'fetch.MODEL_DOWNLOAD_FAILED.next':
    'Versuchen Sie es erneut: Was heruntergeladen wurde, bleibt erhalten.',
  'fetch.MODEL_HASH_MISMATCH.happened': 'Eine Datei kam beschädigt an und wurde verworfen.',
  'fetch.MODEL_HASH_MISMATCH.next': 'Versuchen Sie es erneut, um sie noch einmal herunterzuladen.',
  'fetch.STORE_QUOTA.happened': 'Der Speicher dieses Browsers ist voll.',
  'fetch.STORE_QUOTA.next':
    'Löschen Sie Aufnahmen in den Einstellungen oder schaffen Sie Platz auf dem Datenträger, und versuchen Sie es dann erneut.',
  'fetch.NOT_FOUND.happened': 'Der Server hat die Dateien nicht mehr.',
  'fetch.NOT_FOUND.next': 'Laden Sie die Seite neu, oder verwenden Sie ein anderes Modell.',
  'trouble.OUT_OF_MEMORY.happened': 'Der Arbeitsspeicher reichte nicht für {base}.',
  'trouble.OUT_OF_MEMORY.next':
    'Schließen Sie andere Tabs und Programme, und versuchen Sie es dann erneut.',
  'trouble.STORE_QUOTA.happened': 'In diesem Browser ist nicht genug Platz für {base}.',
  'trouble.STORE_QUOTA.next':
    'Löschen Sie Aufnahmen in den Einstellungen oder schaffen Sie Platz auf dem Datenträger, und versuchen Sie es dann erneut.',
  'trouble.BACKEND_UNAVAILABLE.happened': '{base} läuft in diesem Browser nicht, wie es sollte.',
  'trouble.BACKEND_UNAVAILABLE.next':
    'Versuchen Sie es erneut, oder verwenden Sie einen aktuellen Chrome, Edge oder Firefox.',
  couldNotOpen: '{base} konnte nicht geöffnet werden.',
  tryAgainReload: 'Versuchen Sie es erneut, oder laden Sie die Seite neu.',
  'live.alone': 'Den Live-Text schreibt {live}.',
  'live.following':
    'Den Live-Text schreibt {live}; einige Sekunden später ersetzen die Wörter von {second} seine Wörter.',
  'live.loading':
    'Den Live-Text schreibt {live}; {second} wird geladen, um mit einigen Sekunden Abstand zu folgen.',
  'live.behind':
    'Den Live-Text schreibt {live}. {second} ist auf diesem Gerät zu langsam, um Schritt zu halten: Seine Wörter kommen, wenn Sie stoppen.',
  'live.failed':
    'Den Live-Text schreibt {live}. {second} konnte daneben nicht geöffnet werden: Seine Wörter kommen, wenn Sie stoppen.',
  'loss.freed': '{model}: {bytes} werden freigegeben.',
  'loss.folder':
    'Es verschwindet aus der Liste; um es wieder zu verwenden, muss sein Ordner erneut gewählt werden.',
  'loss.added':
    'Es verschwindet aus der Liste; um es wieder zu verwenden, muss es erneut hinzugefügt und heruntergeladen werden.',
  'loss.published': 'Um es wieder zu verwenden, muss es erneut heruntergeladen werden.',
  'loss.inUse': 'Es ist in Verwendung: Neue Aufnahmen gehen an Draft.',
  'loss.transcriptsStay': 'Damit erstellte Transkripte bleiben.',
  useModel: '{model} verwenden',
  useModelOfSize: '{model} verwenden ({size})',
  tryAgainOrAnother: 'Versuchen Sie es erneut, oder verwenden Sie ein anderes Modell.',
  tryAgainOrOtherProcessor:
    'Versuchen Sie es erneut, laden Sie es für den anderen Prozessor herunter, oder verwenden Sie ein anderes Modell.',
  'also.wasm': 'Auch für den Prozessor',
  'also.webgpu': 'Auch für den Grafikprozessor',
  'instead.wasm': 'Stattdessen für den Prozessor',
  'instead.webgpu': 'Stattdessen für den Grafikprozessor',
  'waiting.repository': 'Repository wird geprüft …',
  'waiting.folder': 'Dateien werden kopiert …',
  modelsHint:
    'Zwei Modelle sind eingebaut: ein kleines für langsame Geräte und die ersten Wörter und ein großes, das einmal von hier heruntergeladen wird. Die anderen werden von ihren Herstellern veröffentlicht: einmal heruntergeladen, in diesem Browser aufbewahrt und von da an offline verwendet. Sie können auch <link>ein weiteres hinzufügen</link>.',
  soFar: '{transfer} sind da.',
  bytesOnDevice: '{bytes} auf diesem Gerät',
  addedByYou: 'von Ihnen hinzugefügt',
  licence: 'Lizenz: {licence}',
  'gpu.no-webgpu': 'Dieser Browser hat kein WebGPU.',
  'gpu.no-adapter': 'WebGPU findet hier keinen Grafikadapter.',
  'gpu.software-only': 'WebGPU hat hier nur einen Software-Adapter.',
};
