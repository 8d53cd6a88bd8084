// What programmers also call a thing: a question in everyday words has one of them, and the code another.

import { words } from "../../text/words";
import { stemOf } from "./wordForms";

/** @param stem of any form of the word (`stemOf`) */
export function synonymsOf(stem: string): ReadonlySet<string> {
  return BY_STEM.get(stem) ?? NONE;
}

const NONE: ReadonlySet<string> = new Set();

/** Of the words of one line, each may stand for each; a word may be in several. */
const SYNONYMS = `
  abort cancel interrupt kill stop terminate
  add append insert attach push
  address addr url uri host
  allocate alloc reserve
  allow permit accept enable
  answer reply response respond res
  application program app process
  argument arg parameter param
  array list sequence vector
  attribute attr property prop field
  authenticate auth login credential signin
  begin start init initialize open
  brace bracket block
  break corrupt damage invalid malformed broken
  browser client agent
  buffer buf
  build compile construct create make
  calculate calc compute
  callback handler hook listener
  change modify update edit mutate
  character char letter
  check validate verify assert test
  choose select pick
  clean clear sanitize normalize
  clone copy duplicate cpy
  close shut end finish destroy
  colour color
  column col
  command cmd
  compare cmp equal
  compress zip gzip deflate
  configure config configuration option setting preference
  connect connection conn socket
  context ctx
  convert conv transform translate
  count number num amount
  crash panic fail failure exception error fault
  database db
  decimal float double
  declare declaration decl
  decode parse unescape
  default usual
  delete remove erase del drop
  destination dst dest target
  dictionary map hash object table
  directory dir folder path
  disk file filesystem
  display show print render draw
  document doc
  download fetch get load
  element elem item entry
  empty blank null none nil missing
  encode serialize escape stringify
  encrypt tls ssl cipher
  environment env
  error err fault mistake bug
  event notification signal message
  execute exec run invoke call
  fast quick speed performance
  fee price cost
  flag switch toggle
  forbid deny reject refuse disallow
  forget discard drop evict
  format layout style
  free release dispose
  function func method
  identifier id name
  image picture img photo
  indent indentation whitespace
  index idx position pos offset
  information info detail
  join merge combine concat concatenate
  keep hold retain store save
  language locale
  length len size
  library lib package module
  limit maximum max bound cap
  lock mutex guard
  log trace debug
  loop iterate each walk traverse visit circular
  memory mem ram heap
  message msg text
  minimum min least
  network net
  new fresh create
  old stale expire expired outdated
  order sort priority rank
  parse read scan
  password passwd pwd secret
  pause suspend wait
  pretend mock fake stub
  previous prev last
  protect secure safe guard
  query search find lookup locate match
  queue pending backlog
  quote escape
  random rand
  receive recv accept
  redirect forward
  reference ref pointer ptr
  refresh reload renew
  repeat retry
  repository repo
  request req
  restart reset resume
  result outcome
  reuse pool cache
  send transmit emit dispatch post
  separate split divide
  server backend
  session conversation
  simultaneous concurrent parallel
  sleep delay wait timeout
  source src origin
  statistic stats metric
  string str text
  subclass extend inherit
  surround wrap enclose
  synchronize sync
  task job work
  temporary temp tmp
  thread worker
  throttle limit rate
  time duration clock
  transaction tx
  truncate trim cut strip
  undo rollback revert
  unique distinct duplicate
  user account person
  utility util helper
  value val
  variable var
  version release
  warn warning deprecate
  whole complete full entire
  window win
  write save store dump output
`;

const BY_STEM = new Map<string, Set<string>>();
for (const line of SYNONYMS.split("\n")) {
  const group = words(line);
  for (const stem of group.map(stemOf)) BY_STEM.set(stem, new Set([...(BY_STEM.get(stem) ?? []), ...group]));
}
