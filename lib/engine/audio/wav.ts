const WAV_HEADER_BYTES = 44;

export interface WavFormat {
  rateHz: number;
  channels: number;
}

/** Header of a WAV file of 16-bit samples; beyond 4 GB its lengths are capped, as recorders do. */
export function wavHeader(
  dataBytes: number,
  { rateHz, channels }: WavFormat,
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(WAV_HEADER_BYTES);
  const view = new DataView(header.buffer);
  const ascii = (at: number, text: string) => {
    for (let i = 0; i < text.length; i++) header[at + i] = text.charCodeAt(i);
  };
  const frameBytes = channels * 2;
  ascii(0, 'RIFF');
  view.setUint32(4, Math.min(0xffffffff, dataBytes + WAV_HEADER_BYTES - 8), true);
  ascii(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, channels, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 16, true);
  ascii(36, 'data');
  view.setUint32(40, Math.min(0xffffffff, dataBytes), true);
  return header;
}
