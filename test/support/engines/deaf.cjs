// Is busy for good: reads no message, like an engine in the middle of a very long computation.
process.send?.({ type: "hello", protocolVersion: 1 });
for (;;);
