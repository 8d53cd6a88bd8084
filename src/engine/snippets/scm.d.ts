// esbuild puts a query into the bundle as its text.
declare module "*.scm" {
  const text: string;
  export default text;
}
