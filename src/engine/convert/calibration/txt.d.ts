// esbuild puts the text into the bundle.
declare module "*.txt" {
  const text: string;
  export default text;
}
