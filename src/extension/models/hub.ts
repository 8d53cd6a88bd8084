// What a repository of a model hub holds: names, sizes and hashes. The only file that imports the hub's own client.
//
// The client lists; downloading is our own (fileDownload.ts), because the client's neither resumes across restarts nor
// checks hashes, and hides what the server said.

import { listFiles } from "@huggingface/hub";
import { Fault } from "./faults";
import { type Asking, bodyOf, HttpClient, type HttpOptions, type HubSilence } from "./http";
import { HUB } from "./hubPages";

export interface RemoteFile {
  readonly path: string;
  readonly bytes: number;
  readonly hash: FileHash;
  readonly url: string;
}

/** A hub lists a checkpoint on one page, of some kilobytes; what is longer by far, or has no end, is none. */
const LONGEST_PAGE_BYTES = 8_000_000;
const MOST_PAGES = 20;

/** Large files are known by their content's SHA-256, the others by the hash that git gives them. */
export interface FileHash {
  readonly type: "sha256" | "gitBlob";
  readonly digest: string;
}

/** The setting's value as an address without a slash at its end; empty: the hub itself. */
export function hubEndpointOf(setting: string): string {
  const text = setting.trim().replace(/\/+$/, "");
  if (text === "") return HUB;
  if (/^https?:\/\/[^/]/.test(text) && URL.canParse(text)) return text;
  throw new Fault("badEndpoint", { setting });
}

/** A mirror may first fetch a whole file itself, and sends nothing meanwhile; whoever has begun to send goes on. */
export function silenceOf(endpoint: string): HubSilence {
  const minutes = endpoint === HUB ? 1 : 30;
  return { beforeAnswerMs: 60_000, beforeLargeFileMs: minutes * 60_000, midwayMs: 60_000 };
}

export class Hub {
  readonly http: HttpClient;

  constructor(
    readonly endpoint: string,
    options: HttpOptions,
  ) {
    this.http = new HttpClient(endpoint, options);
  }

  /** The files of a checkpoint that a conversion needs or keeps. Throws a Fault when it is not one. */
  async listCheckpoint(repository: string, signal: AbortSignal): Promise<RemoteFile[]> {
    const files = await this.list(repository, signal);
    for (const needed of ["config.json", "tokenizer.json"]) {
      if (!files.some(({ path }) => path === needed)) throw new Fault("missingFiles", { repository, missing: needed });
    }
    if (!files.some(({ path }) => path.endsWith(".safetensors"))) {
      throw new Fault("missingFiles", { repository, missing: "safetensors file" });
    }
    return files;
  }

  private async list(repository: string, signal: AbortSignal): Promise<RemoteFile[]> {
    const { endpoint } = this;
    const files: RemoteFile[] = [];
    let pages = 0;
    try {
      const listing = listFiles({
        repo: repository,
        hubUrl: endpoint,
        recursive: false,
        fetch: (url) => {
          if (++pages > MOST_PAGES) throw new Error(`more than ${MOST_PAGES} pages`);
          return this.fetch(String(url), { subject: { repository }, signal });
        },
      });
      for await (const { type, path, size, lfs, oid } of listing) {
        if (type !== "file" || !isOfCheckpoint(path)) continue;
        const hash: FileHash = lfs ? { type: "sha256", digest: lfs.oid } : { type: "gitBlob", digest: String(oid) };
        const url = `${endpoint}/${repository}/resolve/main/${encodeURIComponent(path)}`;
        files.push({ path, bytes: lfs?.size ?? size, hash, url });
      }
    } catch (error) {
      if (error instanceof Fault || signal.aborted) throw error;
      throw new Fault("notAListing", { repository, host: new URL(endpoint).host }, error);
    }
    return files;
  }

  /** The client's `fetch`, over our HTTP: with the proxy, and with Faults instead of statuses. */
  private async fetch(url: string, asking: Asking): Promise<Response> {
    const answer = await this.http.get(url, asking);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of bodyOf(answer, { ...asking.subject, host: answer.host })) {
      bytes += chunk.length;
      if (bytes > LONGEST_PAGE_BYTES) throw new Error(`a page of more than ${LONGEST_PAGE_BYTES} bytes`);
      chunks.push(chunk);
    }
    const { link } = answer.response.headers;
    return new Response(Buffer.concat(chunks), { headers: typeof link === "string" ? { link } : {} });
  }
}

/** Names without a folder only: what the listing calls a file becomes a file's name on this machine. */
function isOfCheckpoint(path: string): boolean {
  return (
    /^[\w.-]+\.safetensors(\.index\.json)?$/.test(path) ||
    ["config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja"].includes(path) ||
    /^(LICENSE|NOTICE)[\w.-]*$/i.test(path)
  );
}
