import assert from "node:assert/strict";
import { scripts } from "../../../../src/engine/snippets/embeddedCode";

describe("the code in a component", () => {
  it("stands at its own place, with blanks for the rest", () => {
    const text = '<p>a</p>\n<script lang="ts">\nlet b;\n</script>\n<p>c</p>';
    assert.equal(scripts(text).trim(), "let b;");
    assert.equal(scripts(text).indexOf("let b;"), text.indexOf("let b;"));
    assert.equal(scripts(text).length, text.length);
  });

  it("does not begin at a script that is in another file", () => {
    const text = '<script src="./a.ts" />\n<template><p>b</p></template>\n<script>\nlet c;\n</script>';
    assert.equal(scripts(text).trim(), "let c;");
    assert.equal(scripts('<script setup src="./a.ts"/>\n<p>b</p>').trim(), "");
  });
});
