// On Linux and macOS, onnxruntime's own builds report to Microsoft how they are used, and keep a number for this machine in the user's
// cache folder. This turns both off for the process; it counts only when it is set before the runtime starts. On Windows it
// does nothing: there the runtime gives its events to the system's own tracing, and has no switch for JavaScript.

process.env.ORT_DISABLE_TELEMETRY = "1";
