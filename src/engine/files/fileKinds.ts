// What a file's name and size say about its worth to a model of code. Unknown names are worth a look inside.

import { wordSet, words } from "../../text/words";
import { isNotebook } from "./notebookCode";
import type { Refusal } from "./refusal";

/** A file that is bigger is not opened. */
const MAX_FILE_BYTES = 256 * 1024;

/** Most of a notebook is what its cells have put out. */
const MAX_NOTEBOOK_BYTES = 4 * 1024 * 1024;

/** Text that is mostly data when there is much of it. */
const MAX_DATA_BYTES = 32 * 1024;

export function refusalOfName(name: string): Refusal | undefined {
  const small = name.toLowerCase();
  const extension = extensionOf(small);
  if (BINARY.has(extension)) return "binary";
  if (LOCK_NAMES.has(small) || LOCK.test(small)) return "lock";
  if (MINIFIED.test(small)) return "minified";
  if (GENERATED.test(small)) return "generated";
  return DATA.has(extension) ? "data" : undefined;
}

/** @param path or the name alone */
export function mostBytesOf(path: string): number {
  return isNotebook(path) ? MAX_NOTEBOOK_BYTES : MAX_FILE_BYTES;
}

/** @param path or the name alone */
export function refusalOfSize(path: string, bytes: number): Refusal | undefined {
  if (bytes > mostBytesOf(path)) return "huge";
  return bytes > MAX_DATA_BYTES && DATA_WHEN_BIG.has(extensionOf(path.toLowerCase())) ? "data" : undefined;
}

/** @param bytes of a notebook's code, of which there may be no more than of any other */
export function refusalOfNotebookCode(bytes: number): Refusal | undefined {
  return bytes > MAX_FILE_BYTES ? "huge" : undefined;
}

function extensionOf(path: string): string {
  const dot = path.lastIndexOf(".");
  return dot <= path.lastIndexOf("/") ? "" : path.slice(dot + 1);
}

const BINARY = wordSet(`
  png jpg jpeg gif bmp ico icns webp avif tif tiff psd ai eps heic xcf
  mp3 mp4 m4a m4v wav flac ogg oga ogv opus avi mov mkv webm wmv aac
  woff woff2 ttf otf eot ttc pdf doc docx xls xlsx ppt pptx odt ods
  zip gz tgz bz2 xz zst lz4 7z rar tar jar war ear aar whl egg gem
  nupkg deb rpm dmg iso img apk ipa msi cab vsix crx snupkg br
  exe dll so dylib a lib o obj pdb class pyc pyo pyd wasm node beam
  onnx pt pth safetensors gguf npz npy pkl h5 hdf5 tflite bin dat pack
  sqlite sqlite3 db mdb parquet arrow avro orc blend fbx glb unitypackage swp
`);

const LOCK_NAMES = wordSet(`
  package-lock.json npm-shrinkwrap.json pnpm-lock.yaml shrinkwrap.yaml packages.lock.json bun.lockb
  go.sum go.work.sum package.resolved cartfile.resolved gradle.lockfile project.assets.json
  .terraform.lock.hcl conda-lock.yml lockfile.json pnpm-lock.yml verification-metadata.xml .pnp.cjs
`);

const LOCK = /\.(?:lock|lockb|lockfile)$|^\.pnp\.loader\.mjs$/;

const MINIFIED = /[.-]min\.(?:js|mjs|cjs|css|html)$/;

const GENERATED = new RegExp(
  [
    /\.(?:pb|pbobjc|grpc)\.(?:go|cc|h|m|dart|ts|js|swift|gw\.go)$|\.pb\.gw\.go$|_pb2?(?:_grpc)?\.(?:pyi?|js|ts|d\.ts|rb)$/,
    /\.(?:g|freezed|gr|chopper|mocks)\.dart$|\.(?:designer|generated|g|g\.i)\.(?:cs|vb)$/,
    /[._-]generated\.[a-z0-9]+$|\.gen\.(?:go|[jt]sx?|py|rs|cs|dart|swift|kt|java|hh?|cc?|[ch]pp)$|^zz_generated|^bindata\.go$/,
    /\.(?:map|snap|pbxproj|xcworkspacedata|tsbuildinfo|storyboard|xib|nib|resx|designer)$|\.(?:bundle|chunk)\.(?:js|css|mjs)$/,
  ]
    .map((pattern) => pattern.source)
    .join("|"),
);

const DATA = wordSet(`
  csv tsv svg geojson topojson ndjson jsonl log har diff patch po pot
  xlf xliff arb fasta fastq vcf gpx kml stl ply gltf mtl srt vtt ics
  eml mbox asc sig sha256 md5 dump out rtf plist drawio excalidraw fig
`);

const DATA_WHEN_BIG = new Set([...words("json json5 jsonc yaml yml xml html htm txt sql toml"), ""]);
