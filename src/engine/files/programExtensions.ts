// Endings of files in programming languages (lower case, without the dot). Shells are not among them where it matters:
// a script that is called "secrets" exports them.

import { wordSet } from "../../text/words";

export const PROGRAM_EXTENSIONS = wordSet(`
  ts tsx mts cts js jsx mjs cjs vue svelte astro py pyi pyx rb rbs
  go rs java kt kts scala groovy clj cljs cljc edn c h cc hh cpp hpp
  cxx hxx inl m mm swift cs fs fsx vb php pl pm lua r jl dart ex
  exs erl hrl hs lhs ml mli elm nim zig d v sv vhd f90 f95 f03 pas
  adb ads lisp lsp el scm rkt sol proto thrift graphql gql tf cu cuh
  glsl hlsl wgsl cr purs res resi razor cshtml erb haml slim hcl bicep gd
  sql prisma nix gradle cmake feature xsd wsdl xaml csproj jsonnet libsonnet cue rego graphqls bzl
  pkl dhall s asm
`);
