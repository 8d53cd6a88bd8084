"""The names that files define and use, as far as a pattern for each language can tell."""

import re

from training.tasks import heldout

NAME = re.compile(r"[A-Za-z_]\w{4,}")
DEFINITION = {
    "python": r"^ *(?:async )?(?:def|class) (\w+)|^([A-Za-z_]\w+)(?:: [^=\n]+)? = |^ +self\.(\w+)(?:: [^=\n]+)? = ",
    "typescript": r"\b(?:function\*?|class|interface|type|enum) (\w+)|^(?:export )?(?:const|let) (\w+)|"
                  r"^ +(?:(?:public|private|static|async|get|readonly|abstract|override|#) ?)*(\w+)\??(?:<[^\n>]*>)?[(:]",
    "javascript": r"\b(?:function\*?|class) (\w+)|^(?:export )?(?:const|let|var) (\w+)|"
                  r"^ +(?:static |async |get |set )*(\w+) ?\([^\n]*\) \{",
    "go": r"^func (?:\([^)\n]*\) )?(\w+)|^\t?(?:type|var|const) (\w+)|^\t([A-Z]\w+) ",
    "rust": r"\b(?:fn|struct|enum|trait|type|const|static|mod|macro_rules!) (\w+)|^ +(?:pub(?:\([^)]*\))? )(\w+):",
    "java": r"\b(?:class|interface|enum) (\w+)|^ +(?:public|protected|private|static|final|abstract)[\w<>\[\], ?]* (\w+)"
            r"(?:\(| =|;)",
    "cpp": r"^#define (\w+)|^ *(?:[\w:<>&*]+ +)+[*&]?(?:\w+::)?~?(\w+)\([^;{]*\)?[^\n]*[{;,]$|\b(?:class|struct|enum) (?:\w+_API )?(\w+)",
    "c": r"^#define (\w+)|^[A-Za-z_][\w *]*?\b(\w+)\([^;]*?\)?[,{\n]|\b(?:struct|enum|union) (\w+)|^\} (\w+);",
}
IMPORT = {
    "python": r"^(?:from [^\n]*? import (?:\([^)]*\)|[^\n]*)|import [^\n]*|    from [^\n]* import [^\n]*)$",
    "typescript": r"^(?:import|export)\b[^;]*?\bfrom\s*['\"][^\n]*$",
    "javascript": r"^(?:import\b[^;]*?\bfrom\s*['\"][^\n]*|(?:const|let|var) (?:\{[^}]*\}|\w+) = require\([^\n]*)$",
    "go": r"^import (?:\([^)]*\)|[^\n]*)$",
    "rust": r"^(?:pub )?use [^;]*;|^(?:pub )?mod \w+;$",
    "java": r"^(?:import|package) [^\n]*;$",
    "c": r"^#\s*include[^\n]*$",
    "cpp": r"^(?:#\s*include|using) [^\n]*$",
}


def defined(language, files):
  """The names that the files define, and in how many of them."""
  counts = {}
  for _, text in files:
    found = {name for groups in re.findall(DEFINITION[language], text, re.M)
             for name in ((groups,) if isinstance(groups, str) else groups) if NAME.fullmatch(name)}
    for name in found:
      counts[name] = counts.get(name, 0) + 1
  return counts


def names_used(language, held, folders):
  """Names, and the held-out packages of that language that use them."""
  used = {}
  for ecosystem, name in heldout.SOURCES[language]:
    for _, text in heldout.files_of(language, ecosystem, name, held[ecosystem][name], folders[ecosystem, name]):
      for word in set(NAME.findall(text)):
        used.setdefault(word, set()).add(name)
  return used
