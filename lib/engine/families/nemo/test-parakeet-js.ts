import { ParakeetModel } from 'parakeet.js';
import { JsPreprocessor } from 'parakeet.js/mel';

/** What parakeet.js made of a recording. */
export interface PeerResult {
  tokenIds: number[];
  /** Encoder frame of each token. */
  frameIndices: number[];
  logProbs: number[];
  text: string;
}

type Precomputed = { features: Float32Array; T: number; melBins: number };

const PACKAGE = new URL('../../../../node_modules/parakeet.js/', import.meta.url);

/** parakeet.js on the same files, with its own ONNX Runtime, features and search: for tests. */
export async function openPeer(
  bytes: ReadonlyMap<string, Uint8Array>,
): Promise<(pcm: Float32Array, precomputedFeatures?: Precomputed) => Promise<PeerResult>> {
  // neither is among the package's exports
  const { ParakeetTokenizer } = await import(
    /* @vite-ignore */ new URL('src/tokenizer.js', PACKAGE).href
  );
  const ort: typeof import('onnxruntime-web') = await import(
    /* @vite-ignore */ new URL('node_modules/onnxruntime-web/dist/ort.wasm.min.mjs', PACKAGE).href
  );
  ort.env.wasm.numThreads = 1;
  const file = (path: string) => bytes.get(path) ?? new Uint8Array(0);
  const pieces = new TextDecoder()
    .decode(file('vocab.txt'))
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  // its types leave the argument out
  const Model = ParakeetModel as unknown as new (parts: object) => ParakeetModel;
  const model = new Model({
    tokenizer: new ParakeetTokenizer(pieces),
    encoderSession: await ort.InferenceSession.create(file('encoder-model.onnx')),
    joinerSession: await ort.InferenceSession.create(file('decoder_joint-model.onnx')),
    preprocessor: new JsPreprocessor({ nMels: 128 }),
    ort,
    nMels: 128,
  });
  return async (pcm, precomputedFeatures) => {
    const result = await model.transcribe(pcm, 16_000, {
      returnTokenIds: true,
      returnFrameIndices: true,
      returnLogProbs: true,
      enableProfiling: false,
      ...(precomputedFeatures ? { precomputedFeatures } : {}),
    });
    const { tokenIds = [], frameIndices = [], logProbs = [], utterance_text } = result;
    return { tokenIds, frameIndices, logProbs, text: utterance_text };
  };
}
