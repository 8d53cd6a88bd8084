import assert from "node:assert/strict";
import { loadFault } from "../../../src/machine/loadFault";

function refused(message: string, cause?: Error): Error {
  return Object.assign(new Error(message, { cause }), { code: "ERR_DLOPEN_FAILED" });
}

describe("why native modules cannot be loaded", () => {
  const check = (platform: NodeJS.Platform, arch: NodeJS.Architecture, error: unknown, expected: string): void =>
    assert.equal(loadFault(error, "try again", { platform, arch }), expected);

  it("is on Windows most often the Visual C++ runtime, in whatever language Windows speaks", () => {
    const sentence = (words: string, address: string) =>
      `Windows cannot load what runs the model (${words}). Most often Microsoft's Visual C++ runtime is missing or too old: ` +
      `install it from https://aka.ms/vs/17/release/${address}, then try again.`;
    const english = refused("The specified module could not be found.\r\n\\\\?\\C:\\onnxruntime_binding.node");
    check("win32", "x64", english, sentence("The specified module could not be found", "vc_redist.x64.exe"));
    const german = refused("Das angegebene Modul wurde nicht gefunden.\r\n\\\\?\\C:\\onnxruntime_binding.node");
    check("win32", "arm64", german, sentence("Das angegebene Modul wurde nicht gefunden", "vc_redist.arm64.exe"));
  });

  it("is on macOS a system before 14", () => {
    const error = refused("dlopen(a.node, 0x0001): Symbol not found: (__ZNSt3__13pmr20get_default_resourceEv)");
    const sentence =
      "This system is too old for what runs the model, which needs macOS 14 or newer. Update macOS, then try again.";
    check("darwin", "arm64", error, sentence);
  });

  it("is on Linux an old glibc, also when tokenizers says so in a cause", () => {
    const sentence = (version: string) =>
      `This system is too old for what runs the model, which needs glibc ${version} or newer. Use a newer system, then try again.`;
    const error = refused("/lib64/libc.so.6: version `GLIBC_2.28' not found (required by libonnxruntime.so.1)");
    check("linux", "x64", error, sentence("2.28"));
    const system = refused("/lib64/libc.so.6: version `GLIBC_2.30' not found (required by tokenizers.node)");
    const missing = new Error("Cannot find module 'tokenizers-linux-arm64-gnu'", { cause: system });
    check("linux", "arm64", new Error("Cannot find native binding.", { cause: missing }), sentence("2.30"));
  });

  it("is on Alpine its C library", () => {
    const sentence =
      "This system's C library is musl, and what runs the model needs glibc 2.28. " +
      "Use a system or a container with glibc, Debian's for instance, then try again.";
    const library = "Error loading shared library ld-linux-x86-64.so.2: No such file or directory";
    check("linux", "x64", refused(library), sentence);
    const cause = new Error("Cannot find module './tokenizers.linux-x64-musl.node'");
    check("linux", "x64", new Error("Cannot find native binding.", { cause }), sentence);
  });

  it("is a copy for another system where there is no binary at all", () => {
    const error = new Error(
      "Cannot find module '../bin/napi-v6/darwin/x64/onnxruntime_binding.node'\nRequire stack:\n- binding.js",
    );
    const sentence =
      "This copy of Griffin Code has no binary for darwin-x64 of what runs the model: it is damaged, " +
      "or made for another system. Install the one for this system, then try again.";
    check("darwin", "x64", error, sentence);
  });

  it("is what macOS says of the binary that it refuses, though tokenizers has looked for another one before", () => {
    const words = "dlopen(tokenizers.darwin-arm64.node, 0x0001): library load disallowed by system policy";
    const missing = (name: string) => new Error(`Cannot find module '${name}'`);
    // Each is the cause of the next one.
    const errors = [missing("./tokenizers.darwin-universal.node"), refused(words), missing("tokenizers-darwin-arm64")];
    const cause = errors.reduce((before, error) => Object.assign(error, { cause: before }));
    const sentence = `What runs the model cannot be loaded: ${words}. Reinstall Griffin Code, then try again.`;
    check("darwin", "arm64", new Error("Cannot find native binding.", { cause }), sentence);
  });

  it("is else what the loader says", () => {
    const other = (words: string) =>
      `What runs the model cannot be loaded: ${words}. Reinstall Griffin Code, then try again.`;
    check("linux", "x64", refused("a.node: file too short"), other("a.node: file too short"));
    const cause = refused("a.node: invalid ELF header");
    check("linux", "x64", new Error("Cannot find native binding.", { cause }), other("a.node: invalid ELF header"));
    check("win32", "x64", new TypeError("x is not a function"), other("x is not a function"));
    check("linux", "x64", "nothing", other("nothing"));
  });
});
