// Settings of the private editor: quiet, offline, and nothing between the user and the code.

export const QUIET_SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "window.dialogStyle": "custom",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  // Not `false`: VS Code would rewrite that old spelling, and say so.
  "extensions.autoUpdate": "off",
  "extensions.ignoreRecommendations": true,
  // Copilot's built-in parts; not our chat.
  "chat.disableAIFeatures": true,
  "git.openRepositoryInParentFolders": "never",
  // As on a desktop. In a browser it is on, and the repository then holds each half-written word.
  "files.autoSave": "off",
};
