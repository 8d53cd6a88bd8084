// The environment of this extension's own processes: the editor's, with what they need and without what is not meant for
// them.

/**
 * The extension host runs on Electron's binary, which is Node only when it is told so. NODE_OPTIONS is left out: it is written
 * for the Node of the user's own tools. Electron's ends at once when it names an option that this one does not know (such as
 * --openssl-legacy-provider), and a debugger that it asks for would wait in each process.
 */
export function childEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...environment } = process.env;
  return { ...environment, ELECTRON_RUN_AS_NODE: "1" };
}
