import assert from "node:assert/strict";
import { type Endpoint, endpointOf } from "../../../../../src/extension/chat/endpoint/address";
import { consentQuestion, EndpointConsents } from "../../../../../src/extension/chat/endpoint/consent";
import { type RemoteMachine, remoteMachineOf } from "../../../../../src/extension/secrets/keptAddress";
import { fakeStore } from "../../../../support/fakeStore";

const at = (address: string, machine?: RemoteMachine): Endpoint => endpointOf(address, machine)!;
const BUILDBOX = remoteMachineOf("buildbox", "1f00");

describe("the consent to a chat endpoint", () => {
  it("holds for its address alone, and in later windows", async () => {
    const stored = new Map<string, unknown>();
    const store = {
      get: (key: string) => stored.get(key),
      update: async (key: string, value: unknown) => void stored.set(key, JSON.parse(JSON.stringify(value))),
    };
    const consents = new EndpointConsents(store);
    assert.equal(consents.has(at("https://vllm.example/v1")), false);
    await consents.give(at("https://vllm.example/v1"));
    await consents.give(at("http://localhost:8000/v1"));
    const later = new EndpointConsents(store);
    assert.ok(later.has(at("https://vllm.example/v1/?api-version=2")));
    assert.ok(later.has(at("http://localhost:8000/v1/models")));
    for (const other of [
      ...["http://vllm.example/v1", "https://vllm.example:8000/v1", "https://evil.example/v1"],
      ...[
        "https://vllm.example/other-team/v1",
        "https://vllm.example/v2",
        "https://vllm.example",
        "http://localhost:8000",
      ],
    ])
      assert.ok(!later.has(at(other)), other);
  });

  it("for a program on a machine holds on that machine alone", async () => {
    const consents = new EndpointConsents(fakeStore());
    const local = "http://localhost:8000/v1";
    await consents.give(at(local));
    assert.ok(consents.has(at(local)));
    assert.ok(!consents.has(at(local, BUILDBOX)), "localhost is somebody else there");
    await consents.give(at(local, BUILDBOX));
    assert.ok(consents.has(at(local, BUILDBOX)));
    assert.ok(!consents.has(at(local, remoteMachineOf("shared", "1f00"))));
    assert.ok(!consents.has(at(local, remoteMachineOf("buildbox", "2f00"))), "another one of the same name");
    await consents.give(at("https://vllm.example/v1", BUILDBOX));
    assert.ok(consents.has(at("https://vllm.example/v1")), "a server is the same from everywhere");
  });

  it("names the remote machine on which the program is", () => {
    const { message, detail, accept } = consentQuestion(at("http://localhost:8000/v1", BUILDBOX));
    assert.equal(message, "Send the chat's questions to localhost:8000/v1 on buildbox?");
    assert.equal(accept, "Send to localhost:8000 on buildbox");
    assert.match(detail, /go to another program on buildbox/);
  });

  it("is asked for with where it goes, and whether others can read along", () => {
    const { message, detail, accept } = consentQuestion(at("https://vllm.example/v1"));
    assert.equal(message, "Send the chat's questions to vllm.example/v1?");
    assert.equal(accept, "Send to vllm.example");
    assert.match(detail, /passages of the repository that fit them leave this machine/);
    assert.doesNotMatch(detail, /not encrypted/);
    assert.match(consentQuestion(at("http://vllm.example/v1")).detail, /not encrypted/);
    const here = consentQuestion(at("http://localhost:8000/v1")).detail;
    assert.match(here, /go to another program on this machine/);
    assert.doesNotMatch(here, /not encrypted/);
  });
});
