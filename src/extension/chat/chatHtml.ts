// The chat's page, as the webview loads it: everything from files of the extension, nothing from elsewhere.

export interface ChatPageSources {
  /** The webview's own source, for the content security policy. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
}

export function chatHtml({ cspSource, script, style }: ChatPageSources): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="UTF-8">
  <meta http-equiv="Content-Security-Policy"
    content="default-src 'none'; style-src ${cspSource}; script-src ${cspSource};">
  <meta name="viewport" content="width=device-width, initial-scale=1.0">
  <link rel="stylesheet" href="${style}">
  <title>Griffin Chat</title>
</head>
<body>
  <script src="${script}"></script>
</body>
</html>
`;
}
