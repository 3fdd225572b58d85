/** Sample rate of all PCM inside the pipeline, in Hz. */
export const SAMPLE_RATE_HZ = 16_000;

/** Samples in one millisecond. */
export const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1000;

/** Waveform peaks kept for each second of audio. */
export const PEAKS_PER_SECOND = 20;
