// What to do about a model that may be damaged: a large one's files are not hashed at the start.

export const CHECK_FILES =
  'Run "Griffin: Check a Model\'s Files" or `griffin doctor`, then "Griffin: Repair a Model", or convert the model again.';
