// Why the native modules that run the model cannot be loaded on this machine, in a sentence. It shows only in trying: they need
// a system that is not too old, and on Windows a library that comes with neither Windows nor VS Code.

/** What onnxruntime-node and tokenizers need together; `strings` on their binaries shows it. */
const GLIBC: Readonly<Record<string, string>> = { x64: "2.28", arm64: "2.30" };

/** A part of `process`. */
type System = Pick<NodeJS.Process, "platform" | "arch">;

/**
 * @param error what importing them has thrown
 * @param next what to do once that is mended, as a phrase
 */
export function loadFault(error: unknown, next: string, { platform, arch }: System = process): string {
  const causes = [...causesOf(error)];
  const text = causes.map(({ message }) => message).join("\n");
  const refused = causes.find(({ code }) => code === "ERR_DLOPEN_FAILED");
  const words = firstLineOf(refused ?? causes[0] ?? error);
  if (platform === "linux" && MUSL.test(text)) {
    return (
      `This system's C library is musl, and what runs the model needs glibc ${GLIBC[arch] ?? ""}. ` +
      `Use a system or a container with glibc, Debian's for instance, then ${next}.`
    );
  }
  if (platform === "linux" && text.includes("GLIBC_")) {
    return (
      `This system is too old for what runs the model, which needs glibc ${GLIBC[arch] ?? ""} or newer. ` +
      `Use a newer system, then ${next}.`
    );
  }
  if (platform === "darwin" && text.includes("Symbol not found")) {
    return `This system is too old for what runs the model, which needs macOS 14 or newer. Update macOS, then ${next}.`;
  }
  if (platform === "win32" && refused) {
    return (
      `Windows cannot load what runs the model (${words}). Most often Microsoft's Visual C++ runtime is missing or too old: ` +
      `install it from ${visualCppAddress(arch)}, then ${next}.`
    );
  }
  // Where one was found and refused, tokenizers has looked for others, too.
  if (!refused && /Cannot find module '[^']*\.node'/.test(text)) {
    return (
      `This copy of Griffin Code has no binary for ${platform}-${arch} of what runs the model: it is damaged, ` +
      `or made for another system. Install the one for this system, then ${next}.`
    );
  }
  return `What runs the model cannot be loaded: ${words}. Reinstall Griffin Code, then ${next}.`;
}

/** Where Microsoft has its newest Visual C++ runtime. */
export function visualCppAddress(arch: string): string {
  return `https://aka.ms/vs/17/release/vc_redist.${arch}.exe`;
}

/** What musl's loader says, and the binary that tokenizers looks for there. */
const MUSL = /Error (?:loading shared library|relocating)|-musl\.node/;

/** tokenizers throws words of its own; the system's are a cause of their cause. */
function* causesOf(error: unknown): Generator<NodeJS.ErrnoException> {
  for (let cause = error; cause instanceof Error; cause = cause.cause) yield cause;
}

function firstLineOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split(/\r?\n/, 1)[0]!.replace(/\.$/, "");
}
