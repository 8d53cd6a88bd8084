"""Fetches packages by name from their registries, with the ordinary clients, and unpacks them. Nothing of a package is run."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

from training.scratch import CORPUS

PACKAGES_JSON, HELDOUT_JSON = (pathlib.Path(__file__).with_name(name) for name in ("packages.json", "heldout.json"))
CLIENTS = ("npm", "cargo", "go", "mvn", "apt-get", "dpkg-source")  # pip comes with Python.
DEBIAN_SOURCES = pathlib.Path("/etc/apt/sources.list.d/debian.sources")


def fetch(ecosystem, packages, folder):
  """{name: version, or "" for the newest (Maven has no such)} → {name: version that came}; leaves folder/<safe(name)>/ for each.

  Registries drop old versions: what cannot be had is named and left out."""
  return FETCH[ecosystem](packages, folder)


def fetch_all(ecosystem, packages, folder):
  """`fetch` where nothing can take a package's place: ends the program when one is missing."""
  versions = fetch(ecosystem, packages, folder)
  missing = packages.keys() - versions.keys()
  if missing:
    sys.exit(f"{ecosystem}: {', '.join(sorted(missing))} could not be had, and nothing can take its place.")
  return versions


def look_for_clients():
  """Ends the program where one is missing, or Debian 12 is: else that would show when hundreds of packages have been fetched."""
  missing = [client for client in CLIENTS if not shutil.which(client)]
  if missing:
    sys.exit(f"Install {', '.join(missing)} first: packages are fetched with them.")
  if not (DEBIAN_SOURCES.exists() and "bookworm" in DEBIAN_SOURCES.read_text()):
    sys.exit(f"{DEBIAN_SOURCES} does not name bookworm: Debian's packages are fetched on Debian 12.")


def safe(name):
  """A package's name as a folder's."""
  return re.sub(r"[^A-Za-z0-9.-]", "_", name)


# --- each of these takes what `fetch` takes ------------------------------------------------------------------------


def fetch_pypi(packages, folder):
  """Wheels, which are unpacked and never run: a source package would run its set-up script."""
  def one(name, version, download, target):
    run("pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "-d", download, pinned(name, "==", version),
        module=True)
    wheel = next(download.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
      archive.extractall(target)
    return wheel.name.split("-")[1]
  return fetch_each(one, packages, folder)


def fetch_npm(packages, folder):
  def one(name, version, download, target):
    run("npm", "pack", "--silent", "--ignore-scripts", pinned(name, "@", version), cwd=download)
    with tarfile.open(next(download.glob("*.tgz"))) as archive:
      archive.extractall(target, filter="data")
    return json.loads(next(target.glob("*/package.json")).read_text())["version"]
  return fetch_each(one, packages, folder)


def fetch_crates(packages, folder):
  """One manifest without features; `cargo vendor` also brings dependencies, which are not looked at."""
  def one(name, version, download, target):
    (download / "src").mkdir()
    (download / "src" / "lib.rs").touch()
    requirement = f"={version}" if version else "*"
    (download / "Cargo.toml").write_text(
        f'[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n'
        f'{name} = {{ version = "{requirement}", default-features = false }}\n')
    run("cargo", "vendor", "--quiet", "--versioned-dirs", "vendored", cwd=download)
    crate = next(d for d in (download / "vendored").iterdir() if re.fullmatch(re.escape(name) + r"-\d+\.\d+\.\d+.*", d.name))
    shutil.move(crate, target / crate.name)
    return crate.name.removeprefix(name + "-")
  return fetch_each(one, packages, folder)


def fetch_go(packages, folder):
  def one(name, version, download, target):
    environment = {**os.environ, "GOMODCACHE": str(download / "cache"), "GOFLAGS": "-modcacherw", "GOTOOLCHAIN": "local"}
    answer = run("go", "mod", "download", "-json", f"{name}@{version or 'latest'}", cwd=download, env=environment)
    module = json.loads(answer)
    shutil.move(module["Dir"], target / "module")
    return module["Version"]
  return fetch_each(one, packages, folder)


def fetch_maven(packages, folder):
  def one(name, version, download, target):
    if not version:
      raise ClientFailed("Maven fetches no sources without a version")
    run("mvn", "--batch-mode", "--quiet", "dependency:copy", f"-Dartifact={name}:{version}:jar:sources",
        f"-DoutputDirectory={download}", cwd=download)
    with zipfile.ZipFile(next(download.glob("*.jar"))) as archive:
      archive.extractall(target)
    return version
  return fetch_each(one, packages, folder)


def fetch_debian(packages, folder):
  """Source packages, from the machine's own Debian sources read as deb-src; the machine's lists stay as they are.

  A point release replaces versions by such with more patches (+deb12u2 by +deb12u3), and drops the old ones: those are taken then."""
  state = CORPUS / "apt"
  sources = state / "src.sources"
  options = lambda list: ["-o", f"Dir::Etc::sourcelist={list}", "-o", "Dir::Etc::sourceparts=-",
                          "-o", f"Dir::State::lists={state}/lists", "-o", f"Dir::Cache={state}/cache", "-o", "APT::Sandbox::User=root"]

  def one(name, version, download, target):
    if not sources.exists():
      (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
      (state / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
      new = sources.with_name("new.sources")
      new.write_text(source_entry())
      run("apt-get", *options(new), "-qq", "-o", "APT::Update::Error-Mode=any", "update")
      new.rename(sources)  # Only with all lists: what is there is not updated again.
    source = ("apt-get", *options(sources), "-qq", "source", "--download-only")
    try:
      run(*source, pinned(name, "=", version), cwd=download)
    except ClientFailed:
      run(*source, name, cwd=download)
      print(f"{name} {version} is gone, and what Debian has now takes its place", flush=True)
    run("dpkg-source", "--no-check", "-q", "-x", str(next(download.glob("*.dsc"))), str(target / "source"), cwd=download)
    return re.search(r"^Version: (\S+)", next(download.glob("*.dsc")).read_text(), re.M)[1]
  return fetch_each(one, packages, folder)


def source_entry():
  """The machine's entry of the release, for source packages."""
  release = next(entry for entry in DEBIAN_SOURCES.read_text().split("\n\n") if "security" not in entry)
  return re.sub(r"^(Suites: \S+).*", r"\1", re.sub(r"^Types:.*", "Types: deb-src", release, flags=re.M), flags=re.M) + "\n"


FETCH = {"pypi": fetch_pypi, "npm": fetch_npm, "crates": fetch_crates, "go": fetch_go, "maven": fetch_maven,
         "debian": fetch_debian}


def fetch_each(fetch_one, packages, folder):
  """Runs fetch_one(name, version, empty download folder, target) for what is not there yet."""
  versions = {}
  for name, version in packages.items():
    target = folder / safe(name)
    stamp = folder / f"{safe(name)}.version"
    if not (stamp.exists() and (not version or version in stamp.read_text().split())):
      print(f"fetching {name} {version}", flush=True)
      stamp.unlink(missing_ok=True)  # First: it says that the package is there.
      shutil.rmtree(target, ignore_errors=True)
      folder.mkdir(parents=True, exist_ok=True)
      with tempfile.TemporaryDirectory(dir=folder) as work:
        download, unpacked = pathlib.Path(work, "download"), pathlib.Path(work, "unpacked")
        download.mkdir()
        unpacked.mkdir()
        try:
          got = fetch_one(name, version, download, unpacked)
        except (ClientFailed, StopIteration) as error:  # StopIteration: the client was content and brought nothing.
          print(f"{name} {version} could not be had: {error}", flush=True)
          continue
        shutil.move(unpacked, target)
      stamp.write_text(f"{got} {version}")  # What was asked for, too: it is not fetched again.
    versions[name] = stamp.read_text().split()[0]
  return versions


class ClientFailed(Exception):
  """A registry's client ended with an error; what it printed last."""


def run(*command, module=False, **options):
  """What a client printed. module: one of Python's, such as pip."""
  if module:
    command = (sys.executable, "-m", *command)
  done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                        stdin=subprocess.DEVNULL, **options)
  if done.returncode != 0:
    raise ClientFailed(f"{' '.join(map(str, command))} failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
  return done.stdout


def pinned(name, separator, version):
  """The package as its client wants it named; the newest without a version."""
  return f"{name}{separator}{version}" if version else name
