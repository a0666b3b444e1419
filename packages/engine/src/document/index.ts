// Reading configuration documents: text -> document, or what is wrong with it and where. Pure, like all of the engine, but not
// loaded with it: gateways are sent documents that were read already.
export { hideSecret, withoutSecrets } from './hidden-secrets.js';
export { pointerOf, stepsOf, type Step } from './pointers.js';
export {
  readDocument,
  readHere,
  type AskedText,
  type DocumentSource,
  type DocumentText,
  type ReadDocument,
  type ToldText,
} from './read-document.js';
export { isUnstorable } from './unfit.js';
