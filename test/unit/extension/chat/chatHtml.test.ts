import assert from "node:assert/strict";
import { chatHtml } from "../../../../src/extension/chat/chatHtml";

describe("chat page", () => {
  const html = chatHtml({ cspSource: "https://*.view", script: "https://a.view/w.js", style: "https://a.view/c.css" });

  it("may load its own files and nothing else", () => {
    const policy = /content="(default-src[^"]*)"/.exec(html)![1];
    assert.equal(policy, "default-src 'none'; style-src https://*.view; script-src https://*.view;");
  });

  it("has no script or style in it", () => {
    assert.doesNotMatch(html, /<script(?! src=)|<style|\son\w+=|\sstyle=/);
  });
});
