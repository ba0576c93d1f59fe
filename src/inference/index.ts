export {
  trice,
  type Trice,
  type TriceBatch,
  triceGradient,
  type TriceGradient,
  type TriceOptions,
  type TriceState,
} from './trice.js';
