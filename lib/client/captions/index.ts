export {
  applyFrame,
  type CaptionFrame,
  type CaptionParagraph,
  type CaptionPhase,
  type Captions,
  captionFrameSchema,
  captionText,
  frameBetween,
  NO_CAPTIONS,
  paragraphsOf,
} from './captions';
export { captionsOf } from './recording-captions';
export { followCaptions, publishCaptions, type RoomState } from './room-channel';
export { stayAwake } from './stay-awake';
