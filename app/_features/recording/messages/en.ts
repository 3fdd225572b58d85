/** What users read here, in ICU MessageFormat. */
export const en = {
  openRecording: 'Open recording',
  waitingForInput: 'Waiting for the input…',
  recording: 'Recording',
  paused: 'Paused',
  interrupted: 'Interrupted',
  savingRecording: 'Saving the recording…',
  resumeRecording: 'Resume recording',
  pauseRecording: 'Pause recording',
  stopRecording: 'Stop recording',
  markThisMoment: 'Mark this moment',
  savedAndTranscribed: 'The recording is saved and transcribed.',
  savedBeingTranscribed:
    'The recording is saved. It is now being transcribed as a whole; that text will replace the live one.',
  openTranscript: 'Open transcript',
  whatToRecord: 'What to record',
  startRecording: 'Start recording',
  newRecording: 'A new recording starts with an empty page.',
  savedEverySecond:
    'Audio and text stay in this browser. The recording is saved every second: a crash costs two seconds at most.',
  keptInMemory:
    'Private session: audio and text stay in the memory of this tab. A recording is lost when the tab is closed or crashes; export what you want to keep.',
  inputDevice: 'Input device',
  browserDefault: 'The browser’s default',
  deviceMissing: 'The device used last time (not plugged in)',
  namesAfterPermission: 'Device names appear once you allow the microphone.',
  tooLoud: 'Too loud',
  level: 'Level',
  levelOf: 'Level: {input}',
  'input.microphone': 'Microphone',
  'input.display': 'Shared audio',
  liveTranscript: 'Live transcript',
  noLiveText: 'There is no live text.',
  backToNow: 'Back to the live text',
  wordsAppearHere: 'Words are shown here as they are said.',
  lastWords: 'The last words are being written.',
  overBeforeModel: 'The recording ended before the speech model was loaded.',
  noWordsHeard: 'No words were recognised.',
  modelLoading: 'The speech model is loading: nothing is lost in the meantime.',
  nothingSaidYet: 'Nothing has been said yet.',
  marks: 'Marks',
  marksMade:
    '{count, plural, one {# mark: find it} other {# marks: find them}} on the transcript’s page.',
  silence: 'No sound for ten seconds. Check that the right input is chosen and switched on.',
  storageFull:
    'The storage of this browser is full. The recording ended here; everything recorded is kept.',
  noLiveTextThisTime:
    'There is no live text this time. The recording continues, and it will be transcribed when you stop.',
  noWakeLock:
    'The screen may turn off: keep this device from sleeping, or the recording pauses with it.',
  crashed: 'The recording broke off, and was recovered up to its last second or two.',
  endedStorageFull: 'The recording ended because the storage was full.',
  endedDeviceLost: 'The recording ended when its input was lost.',
  recordedFrom: 'Recorded from {input} at {rate} kHz',
  noSoundDropped: 'no sound was dropped',
  clockSame: 'its clock ran in step with the computer’s',
  record: 'Record',
  endedKept:
    'The recording ended when this page was closed or reloaded. It is kept up to its last second or two, as “{title}” in the library.',
  endedSaving: 'The recording ended when this page was closed or reloaded. It is being saved.',
  keys: 'Keys: <key>P</key> pauses and resumes, <key>M</key> marks this moment.',
  transcribedOnceMore:
    '{live} When you stop, the whole recording is transcribed once more, with more context.',
  microphone: 'Microphone',
  onlyMicrophone:
    'This records the microphone. This browser cannot share the audio of a tab or of the device; browsers on computers can.',
  'microphone.hint': 'Whatever is said in this room.',
  display: 'Tab or system audio',
  'display.hint': 'A call or a video: the browser asks which, and whether to share its audio.',
  both: 'Both, kept apart',
  'both.hint': 'Your own voice and those of a call.',
  echoCancellation: 'Echo cancellation',
  'echoCancellation.hint': 'For calls over loudspeakers.',
  noiseSuppression: 'Noise suppression',
  'noiseSuppression.hint': 'For fans and traffic; speech is recognised slightly better without it.',
  'lost.continues.display':
    'The shared audio is gone. The recording continues with the other input; to have both again, pause and resume.',
  'lost.continues.microphone':
    'The microphone is gone. The recording continues with the other input; to have both again, pause and resume.',
  'lost.display':
    'The shared audio is gone. Everything recorded is kept: resume with another input, or stop.',
  'lost.microphone':
    'The microphone is gone. Everything recorded is kept: resume with another input, or stop.',
  'lost.both':
    'The microphone and the shared audio are gone. Everything recorded is kept: resume, or stop.',
  'muted.continues.display':
    'The shared audio is muted: its track stays silent until it is switched on again. The microphone is recorded.',
  'muted.continues.microphone':
    'The microphone is muted: its track stays silent until it is switched on again. The shared audio is recorded.',
  'muted.display':
    'The shared audio is muted: only silence is recorded until it is switched on again.',
  'muted.microphone':
    'The microphone is muted: only silence is recorded until it is switched on again.',
  dropped:
    '{length} of audio was lost ({gaps, plural, one {one gap} other {# gaps}}): the device was too busy.',
  unknownInput: 'an unknown input',
  pauses: '{pauses, plural, one {paused once} other {paused # times}}',
  clockFaster: 'its clock ran {ppm} ppm faster than the computer’s',
  clockSlower: 'its clock ran {ppm} ppm slower than the computer’s',
  'notHere.insecure':
    'Browsers give the microphone only to pages served over https (or from this very computer). Open AI2Text at its https address.',
  'notHere.browser':
    'This browser cannot record in a page. A newer Chrome, Edge, Firefox or Safari can.',
  'notHere.storage':
    'This window has no private storage to record into: private windows of some browsers have none. Use a normal window.',
  brokenSaved: 'A recording that broke off was saved, and is being transcribed.',
  open: 'Open',
} as const;
