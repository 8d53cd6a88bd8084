"""Which licences are permissive: python -m training.tests.test_licences"""

from training.data import licences


def main():
  licence_heads()
  licence_names()
  print("licences are known for what they are")


def licence_heads():
  for head, is_copyleft in (("// SPDX-License-Identifier: GPL-2.0-or-later\n", True), ("# GNU Lesser General Public\n", True),
                            ("import mpl_toolkits\n", False), ("/* MIT License or GNU General Public License */\n", False)):
    assert licences.is_copyleft(head + "int x;\n") == is_copyleft, head


def licence_names():
  """UNLICENSED is npm's word for no licence at all, and the Business Source License shares its letters with Boost's."""
  for stated, name in (
      ("UNLICENSED", None), ("Unlicense", "Unlicense"), ("For more, see <https://unlicense.org>", "Unlicense"),
      ("BSL-1.0", "BSL-1.0"), ("Boost Software License 1.0 (BSL-1.0)", "BSL-1.0"), ("BSL-1.1", "BUSL-1.1"),
      ("Business Source License 1.1\nChange License: Apache License, Version 2.0", "BUSL-1.1"), ("BUSL-1.1", "BUSL-1.1"),
      ("Apache-2.0", "Apache-2.0")):
    assert licences.best([stated]) == name, stated
  assert "BUSL-1.1" not in licences.PERMISSIVE


if __name__ == "__main__":
  main()
