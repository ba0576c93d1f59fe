export { encodeState, decodeState } from './encode-state.js';
