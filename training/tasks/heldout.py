"""The packages that are kept for the final evaluation alone (data/heldout.json), and which of their files tasks are made from."""

import hashlib
import json
import re

from training.data import registries, sources
from training.data.files import learned
from training.scratch import CORPUS

# language: [(ecosystem, package)], and for packages that ship several forms of their code, the files that people wrote
SOURCES = {
    "python": [("pypi", "attrs"), ("pypi", "werkzeug"), ("pypi", "starlette"), ("pypi", "trio"), ("pypi", "textual")],
    "typescript": [("npm", "@tanstack/router-core"), ("npm", "puppeteer-core"), ("npm", "viem"), ("npm", "ethers")],
    "javascript": [("npm", "undici"), ("npm", "postcss"), ("npm", "mongoose"), ("npm", "ava")],
    "go": [("go", "github.com/go-chi/chi/v5"), ("go", "github.com/nats-io/nats.go"),
           ("go", "github.com/redis/go-redis/v9"), ("go", "go.etcd.io/bbolt")],
    "rust": [("crates", "ureq"), ("crates", "petgraph"), ("crates", "indicatif"), ("crates", "tower")],
    "java": [("maven", "com.zaxxer:HikariCP"), ("maven", "org.jsoup:jsoup"), ("maven", "org.assertj:assertj-core"),
             ("maven", "io.dropwizard.metrics:metrics-core")],
    "c": [("debian", "jansson"), ("debian", "hiredis"), ("debian", "jq"), ("debian", "civetweb")],
    "cpp": [("debian", "yaml-cpp"), ("debian", "benchmark"), ("debian", "pugixml"), ("debian", "capnproto")],
}
WRITTEN_BY_PEOPLE = {"ethers": r"/src\.ts/", "router-core": r"/src/", "puppeteer-core": r"/src/",
                     "postcss": r"/lib/", "mongoose": r"/lib/", "undici": r"/lib/", "ava": r"/lib/",
                     "civetweb": r"/src/"}
NOT_THE_PROGRAM = re.compile(
    r"(^|/)(\w*tests?|testing|examples?|docs?|fuzz|bench(es|marks?)|\.pc)/|[_.-](test|spec)\.|_test|\.d\.ts$", re.I)


def held_out():
  """Fetches what heldout.json names: ({registry: {package: version}}, {(registry, package): its folder})."""
  registries.look_for_clients()
  held, folders = json.loads(registries.HELDOUT_JSON.read_text()), {}
  for ecosystem, packages in held.items():
    root = CORPUS / "packages" / "heldout" / ecosystem
    registries.fetch_all(ecosystem, packages, root)
    folders |= {(ecosystem, name): root / registries.safe(name) for name in packages}
  return held, folders


def files_of(language, ecosystem, name, version, folder):
  """The package's sources in that language, in an order that is random and always the same: [((program, path), text)]."""
  wanted = WRITTEN_BY_PEOPLE.get(name.split("/")[-1], "")
  files = []
  for document in sources.read_documents("heldout", name, folder):
    inner = document["path"]
    if document["language"] == language and re.search(wanted, f"/{inner}") and not NOT_THE_PROGRAM.search(inner):
      inner = inner.split("/", 1)[1] if ecosystem in ("npm", "crates", "go", "debian") else inner
      files.append(((f"{name}-{version}", inner), learned(document["text"], language)))
  return sorted(files, key=lambda file: hashlib.sha256("/".join(file[0]).encode()).digest())
