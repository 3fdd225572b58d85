// Parts of a Whisper that remember what they gave: a window is encoded when something of it is new.

/**
 * @param {object} parts of `loadFiles`, and `aligner`
 * @returns {{parts: (search: string) => object}} parts to build a model of, each window alone; `search` tells
 *   apart what chooses tokens otherwise
 */
export function rememberingParts(parts) {
  const { encoder, decoder, aligner } = parts;
  const known = new Map();
  const remember = async (key, make) => {
    if (!known.has(key)) known.set(key, await make());
    return known.get(key);
  };
  /** Equal samples are one window, whoever cut them out. */
  const keyOf = (pcm) => {
    let hash = 0x811c9dc5;
    for (const word of new Uint32Array(pcm.buffer, pcm.byteOffset, pcm.length))
      hash = Math.imul(hash ^ word, 0x01000193) >>> 0;
    return `${pcm.length}:${hash}`;
  };
  /** A batch disposes what it is given: each gets a tensor of its own on the same values. */
  const encode = async (window, pcm) => {
    const encoded = await remember(`encode ${window}`, () =>
      encoder.encode(encoder.features([pcm])),
    );
    return new encoded.constructor(encoded.type, encoded.data, encoded.dims);
  };
  return {
    parts: (search) => ({
      ...parts,
      encoder: {
        groups: (lengths) => lengths.map((_, index) => [index]),
        features: ([pcm]) => pcm,
        encode: async (pcm) => pcm,
        release: async () => undefined,
      },
      decoder: {
        vocabularySize: decoder.vocabularySize,
        hasCrossAttention: false,
        begin: (pcm) => beginOf(pcm, search),
        release: async () => undefined,
      },
      aligner: {
        language: aligner.language,
        align: (pcm, words) =>
          remember(`align ${keyOf(pcm)} ${words.join(' ')}`, () => aligner.align(pcm, words)),
        release: async () => undefined,
      },
    }),
  };

  function beginOf(pcm, search) {
    const window = keyOf(pcm);
    let batch = null;
    const real = async () => {
      batch ??= decoder.begin(await encode(window, pcm));
      return batch;
    };
    return {
      rows: 1,
      firstLogits: (id) =>
        remember(`first ${window} ${id}`, async () => (await real()).firstLogits(id)),
      generate: (options) =>
        remember(
          `generate ${search} ${window} ${options.prompts.join()} ${options.temperature}`,
          async () => (await real()).generate(options),
        ),
      crossAttention: async () => null,
      dispose: () => batch?.dispose(),
    };
  }
}
