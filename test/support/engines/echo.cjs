// Sends every message back, and ends when it is told to.
process.on("message", (/** @type {{ type: string }} */ message) => {
  if (message.type === "shutdown") process.exit(0);
  process.send?.(message);
});
