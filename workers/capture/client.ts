import type { CapturedPiece, CaptureNode } from '@/lib/client/recording/capture';

/** Name under which the worklet registers itself. */
const CAPTURE_PROCESSOR = 'ai2text-capture';

/**
 * Puts the capture worklet into a context. It begins paused.
 * @param onPiece called ten times a second while it is not paused
 * @throws what the browser says when the worklet cannot be loaded
 */
export async function addCaptureNode(
  context: AudioContext,
  onPiece: (piece: CapturedPiece) => void,
): Promise<CaptureNode> {
  await context.audioWorklet.addModule(new URL('./capture.worklet.js', import.meta.url));
  const node = new AudioWorkletNode(context, CAPTURE_PROCESSOR, {
    numberOfInputs: 1,
    numberOfOutputs: 0,
  });
  // messages have this shape: the worklet lies beside this file
  node.port.onmessage = ({ data }: MessageEvent<CapturedPiece>) => onPiece(data);
  return {
    node,
    pause: () => node.port.postMessage('pause'),
    resume: () => node.port.postMessage('resume'),
    close: () => {
      node.port.postMessage('close');
      node.port.onmessage = null;
      node.disconnect();
    },
  };
}
