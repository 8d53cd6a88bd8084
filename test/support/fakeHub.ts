// A model hub on this machine, which misbehaves when a test says so.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

export interface HubRequest {
  /** A file's name, or "tree" for the listing. */
  readonly file: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
  /** Whether it came to the host that keeps the large files. */
  readonly isContent: boolean;
}

/** Answers in its own way and says true, or leaves it to the hub. */
export type Misbehavior = (asked: HubRequest, response: ServerResponse, content: Buffer, hub: FakeHub) => boolean;

export class FakeHub {
  readonly files = new Map<string, Buffer>();
  readonly requests: HubRequest[] = [];
  /** When set, what a request has to carry. */
  token: string | undefined;
  misbehave: Misbehavior = () => false;

  private readonly server = createServer((request, response) => this.answer(request, response));

  /** A checkpoint's files, with a tokenizer.json when it has none. */
  static async of(checkpoint: string): Promise<FakeHub> {
    const hub = new FakeHub();
    for (const name of await readdir(checkpoint)) hub.files.set(name, await readFile(join(checkpoint, name)));
    if (!hub.files.has("tokenizer.json")) hub.files.set("tokenizer.json", Buffer.from(JSON.stringify(TOKENIZER)));
    hub.server.listen(0, "127.0.0.1");
    await once(hub.server, "listening");
    return hub;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url!, this.endpoint);
    const isListing = pathname.startsWith("/api/models/");
    const isContent = pathname.startsWith("/content/");
    const file = isListing ? "tree" : decodeURIComponent(pathname.split("/").at(-1)!);
    const { range, authorization } = request.headers;
    const asked = { file, range, authorization, isContent };
    this.requests.push(asked);
    const content = this.files.get(file) ?? Buffer.alloc(0);
    if (this.misbehave(asked, response, content, this)) return;
    if (!isContent && this.token !== undefined && authorization !== `Bearer ${this.token}`) {
      response.writeHead(401).end();
    } else if (isListing) {
      response.setHeader("content-type", "application/json").end(JSON.stringify(this.listing()));
    } else if (!this.files.has(file)) {
      response.writeHead(404).end();
    } else if (isLarge(file) && !isContent) {
      // As the hub does it: large files lie on another host.
      response.writeHead(302, { location: `http://localhost:${this.port}/content/${file}` }).end();
    } else {
      sendContent(response, content, range);
    }
  }

  private listing(): unknown[] {
    return [...this.files].map(([path, content]) => ({
      ...{ type: "file", path, size: content.length },
      oid: createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex"),
      ...(isLarge(path) && { lfs: { oid: createHash("sha256").update(content).digest("hex"), size: content.length } }),
    }));
  }
}

export function sendContent(response: ServerResponse, content: Buffer, range: string | undefined): void {
  const [, first] = /^bytes=(\d+)-$/.exec(range ?? "") ?? [];
  if (first === undefined) {
    response.writeHead(200, { "content-length": content.length }).end(content);
    return;
  }
  const start = Number(first);
  const rest = content.subarray(start);
  const contentRange = `bytes ${start}-${content.length - 1}/${content.length}`;
  response.writeHead(206, { "content-length": rest.length, "content-range": contentRange }).end(rest);
}

function isLarge(file: string): boolean {
  return file.endsWith(".safetensors") || file === "tokenizer.json";
}

/** Enough for the converter. */
const TOKENIZER = {
  added_tokens: [
    { id: 1, content: "<eos>", special: true },
    { id: 2, content: "<bos>", special: true },
    { id: 10, content: "<start_of_turn>", special: true },
    { id: 11, content: "<end_of_turn>", special: true },
  ],
};
