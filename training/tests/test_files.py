"""Files as the model reads them: python -m training.tests.test_files"""

from training.data import files


def main():
  without_licences()
  shown_paths()
  print("files are read as an editor shows them")


def without_licences():
  """Those of the comments at the top that are about rights go, and nothing else does."""
  licence, same = "Copyright 2020 A. Name", None
  for language, text, left in (
      ("c", f"// {licence}\n/* All rights\nreserved */\n\n#include <a>\n", "#include <a>\n"),
      ("c", f"/* a.c: what it does */\n\n/* {licence} */\n/* How. */ int a;\n", "/* a.c: what it does */\n\n/* How. */ int a;\n"),
      ("go", f"// {licence}\n//\n// {licence}\n\n// Package a parses dates.\npackage a\n", "// Package a parses dates.\npackage a\n"),
      ("rust", f"// {licence}\n//! Dates.\n//!\n//! More.\n\nmod a;\n", "//! Dates.\n//!\n//! More.\n\nmod a;\n"),
      ("typescript", f"/** @license {licence} */\n/** Parses dates. */\nlet a;\n", "/** Parses dates. */\nlet a;\n"),
      ("c", f"/* {licence} */ int a;\n", "int a;\n"),
      ("c", f"/* {licence} */\n\n#undef X\n", "#undef X\n"),
      ("csharp", f"// {licence}\n#nullable enable\n", "#nullable enable\n"),
      ("rust", f"// {licence}\n\n#[macro_use]\nmod a;\n", "#[macro_use]\nmod a;\n"),
      ("rust", "#[cfg(test)]\nmod a;\n", same),
      ("english", "# Title\n\nText\n", same),
      ("python", f"# {licence}\n# More of it\n\n# Dates.\n\nimport a\n", "# Dates.\n\nimport a\n"),
      ("python", "#!/usr/bin/env python\nimport a\n", same),
      ("shell", f"# {licence}\n  a\n", "  a\n"),
      ("javascript", "\n  \n    indented();\n", "    indented();\n"),
      ("config", f"# {licence}\r\nkey: 1\r\n", "key: 1\n")):
    assert files.learned(text, language) == (text if left is same else left), text


def shown_paths():
  """Without the folder that the archive's name gives."""
  for path, shown in (
      ("package/src/a.ts", "src/a.ts"), ("serde-1.0.219/src/lib.rs", "src/lib.rs"), ("toml-1.2.2+spec-1.1.0/src/a.rs", "src/a.rs"),
      ("rand-0.9.0-rc.1/src/lib.rs", "src/lib.rs"), ("starlette/routing.py", "starlette/routing.py")):
    assert files.shown_path({"path": path}) == shown, path


if __name__ == "__main__":
  main()
