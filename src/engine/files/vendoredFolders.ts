// Folders of installed packages, tools' caches and editors' data, as lines of an ignore file: the weakest there is, so
// that a .griffinignore or the user's setting can open one of them (`!vendor/`).

import { words } from "../../text/words";

export const VENDORED_FOLDERS = words(`
  node_modules bower_components jspm_packages vendor third_party third-party thirdparty 3rdparty
  Pods Carthage elm-stuff site-packages .venv venv virtualenv .virtualenv *.egg-info .eggs
  __pycache__ .tox .nox .mypy_cache .pytest_cache .ruff_cache .hypothesis .ipynb_checkpoints
  .gradle .m2 .rustup .npm .yarn .pnpm-store .pnpm .bundle .dart_tool .pub-cache
  .next .nuxt .output .svelte-kit .astro .turbo .nx .parcel-cache .cache .angular .vite
  .terraform .serverless .aws-sam .vercel .netlify .firebase .expo .sass-cache .nyc_output
  .idea .vs .vscode-test .history .metadata .settings DerivedData xcuserdata .ccls-cache CVS
`).map((name) => `${name}/`);
