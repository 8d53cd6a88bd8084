// The platforms that a VSIX can be made for: those for which both native modules bring a binary.

import { existsSync, readFileSync } from "node:fs";

/**
 * @typedef {object} Target
 * @property {string} name  VS Code's name of the platform
 * @property {string} onnxruntime  onnxruntime-node's folder
 * @property {string} libraries  what of that folder its binding loads: on macOS the same lies there under two names
 * @property {string} tokenizers  the tokenizers package's file
 */

const LINUX = "libonnxruntime.so.1";
const MACOS = "libonnxruntime.1.dylib";
const WINDOWS = "*.dll";

/** @type {readonly Target[]} */
export const TARGETS = [
  { name: "linux-x64", onnxruntime: "linux/x64", libraries: LINUX, tokenizers: "linux-x64-gnu" },
  { name: "linux-arm64", onnxruntime: "linux/arm64", libraries: LINUX, tokenizers: "linux-arm64-gnu" },
  { name: "darwin-arm64", onnxruntime: "darwin/arm64", libraries: MACOS, tokenizers: "darwin-arm64" },
  { name: "win32-x64", onnxruntime: "win32/x64", libraries: WINDOWS, tokenizers: "win32-x64-msvc" },
  { name: "win32-arm64", onnxruntime: "win32/arm64", libraries: WINDOWS, tokenizers: "win32-arm64-msvc" },
];

/**
 * @param {string} name
 * @returns {Target}
 */
export function targetNamed(name) {
  const target = TARGETS.find((target) => target.name === name);
  if (target) return target;
  const known = TARGETS.map((target) => target.name).join(", ");
  throw new Error(`onnxruntime-node has no binary for ${name}. A VSIX can be made for ${known}.`);
}

/**
 * @param {Target} target
 * @returns {readonly string[]} patterns of the native modules' files
 */
export function binariesOf({ onnxruntime, libraries, tokenizers }) {
  const folder = `node_modules/onnxruntime-node/bin/napi-v6/${onnxruntime}`;
  return [`${folder}/*.node`, `${folder}/${libraries}`, `node_modules/tokenizers/tokenizers.${tokenizers}.node`];
}

/** This machine's platform, as VS Code names it. */
export function hostTargetName() {
  return `${process.platform === "linux" && usesMusl() ? "alpine" : process.platform}-${process.arch}`;
}

/** Alpine's C library cannot load binaries made for glibc. */
function usesMusl() {
  return (
    existsSync("/etc/alpine-release") ||
    (existsSync("/usr/bin/ldd") && readFileSync("/usr/bin/ldd", "latin1").includes("musl"))
  );
}
