/** kernels.ts, compiled when the project is built. */
declare const binary: Uint8Array<ArrayBuffer>;
export default binary;
