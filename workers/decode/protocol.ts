import type { DecodeNotice, MediaInfo, PcmChunk, TrackIndex } from '@/lib/engine/audio';
import type { DecodeAssets, DecodeChoices } from '@/lib/engine/decode';

/** The decode worker's methods. PCM is pulled: nothing is decoded while nothing is read. */
export interface DecodeMethods {
  open: {
    params: {
      source: Blob;
      startSample: number;
      /** Index of the audio track, or all mixed; `null`: the one that players take. */
      track: TrackIndex | null;
      assets: DecodeAssets;
      choices: DecodeChoices;
    };
    result: { session: number; info: MediaInfo };
  };
  read: {
    params: { session: number };
    result: {
      /** `null` after the last. */
      chunk: PcmChunk | null;
      /** As known now: the decoder can change on the way. */
      info: MediaInfo;
      /** All that was found so far. */
      notices: DecodeNotice[];
      /** The largest |sample| of any channel so far, before mixing. */
      loudest: number;
    };
  };
  close: { params: { session: number }; result: null };
}
