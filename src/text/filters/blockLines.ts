// The lines that close a block, and those with which its construct goes on, in all languages.

import { linesBeginningWith, wholeLines } from "./lineForm";

/** Closes a block. */
export const CLOSING_LINE = wholeLines(
  // Nothing but closing brackets and tags.
  /(?:[)\]}]|\/>|<\/[\w.:-]*>)(?:[)\]};,]|<\/[\w.:-]*>)*/,
  // The end of a comment that has lines of its own.
  /\*+\//,
  // `end`, `end);`, `END;`, `end Name;`
  /(?:end|END)(?:[);,.]*|\s+[\w.]+;)/,
  // `End If`, `endforeach;`, `endmodule : name`, `endif()`
  /end\s?(?:if|for|foreach|while|switch|select|case|try|do|loop|repeat|with|sub|function|func|procedure|property|def|macro|module|class|structure|enum|interface|namespace|package|program|type|record|task|generate)(?:\s*:\s*\w+|\s+\w+)?(?:\s*\(.*\))?[);,.]*/i,
  // `done`, `done < "$file"`, `done | sort`; not `done > 3` and `done || f()`
  /(?:fi|done|esac|endef)(?:[);,]*|\s*(?:[<>]+\s*[^\s\d=].*|\|\s.*|;.*|&))/,
  // `#endif`, `#endif // NAME_H`, `//#endregion`; `#End Region`, where small letters may begin a sentence
  /(?:\/\/\s*)?#\s*(?:pragma\s+)?end(?:if|region)\b.*/,
  /#\s*End\s?(?:If|Region)\b.*/,
  // Blade and Objective-C
  /@end(?:if|for|foreach|forelse|while|switch|unless|isset|empty|auth|guest|can|cannot|section|push|php|component|slot|once|error|env|verbatim)?/,
  // `<% end %>`, `<?php endif; ?>`, `{% endblock %}`, `{{/if}}`, `{/each}`
  /<[%?](?:php|-)?\s*(?:end\w*|\})[\s;)]*-?[%?]>/,
  /\{%[-+]?\s*end\w*.*%\}/,
  /\{\{?\/[\w.-]+\}?\}/,
  // LaTeX
  /\\(?:end\{[^{}]*\}|fi)/,
);

/** Closes a block where its body stands above; elsewhere it may open one. */
export const CLOSING_LINE_OF_BODY = wholeLines(
  // Lua and Pascal
  /until\b.+/,
  // Visual Basic
  /Next(?:\s+\w+)?/,
  /Loop(?:\s+(?:While|Until)\b.+)?/,
);

/** Goes on with the construct above it: `} else {`, `elif x:`, `{` or `>` on a line of its own, `.then()`, `end.join`. */
export const CONTINUING_LINE = linesBeginningWith(
  /[)\]}{.>]/,
  /end&?\./,
  /(?:else|elif|elsif|elseif|except|finally|catch|rescue|ensure|when|case|default|then|do)\b/,
  // `#else`, `@elseif (a)`, `<% else %>`, `<?php } else { ?>`
  /#(?:else|elif)\b/,
  /@else\w*\b/,
  /<[%?](?:php|-)?\s*(?:\}\s*)?(?:else|elsif|elseif|when|rescue|ensure|catch)\b/,
  /\\else\b/,
  // C++
  /(?:public|private|protected|signals|Q_SIGNALS)(?:\s+(?:slots|Q_SLOTS))?\s*:(?:[^:]|$)/,
  // Visual Basic and SQL; other capital letters may begin a sentence.
  /(?:Else|ElseIf|ELSE|ELSIF|ELSEIF|EXCEPTION)\b/,
  /(?:Finally|Catch(?:\s+\w+\s+As\s.*)?)\s*$/,
  /Case\s+(?:Else|Is|[\d"])/,
);

/** Goes on with what stands directly above: SQL's clauses, Rust's `where`, the next `|` of a pipe or of a match. */
export const NEXT_CLAUSE = linesBeginningWith(
  // No row of a table, which ends with the mark, too.
  /\|.*[^|\s]\s*$/,
  /&&/,
  /(?:FROM|WHERE|HAVING|GROUP BY|ORDER BY|ON|AND|OR|LIMIT|OFFSET|UNION|INTERSECT|EXCEPT|VALUES|RETURNING)(?:\s|$)/,
  /(?:(?:left|right|inner|outer|full|cross|natural)\s+)*join\s/i,
  // With blanks, as a script's `SET A=1` has none.
  /SET\s+[\w."]+\s+=\s/,
  // Not Python's `from a import b`.
  /from\s+[\w."]+(?:\s+(?:as\s+)?\w+)?\s*;?\s*$/,
  // Not what is assigned or called.
  /where(?:\s+[^\s=(.:]|\s*$)/,
  /(?:group by|order by)\b/,
  /having\s+[^\s=(.:].*[\d=<>]/,
  /limit\s+\d+\s*(?:offset\s+\d+\s*)?;?\s*$/,
  /union(?:\s+all)?\s*$/,
  // OCaml
  /and\s.*=/,
  /in\s*$/,
);

/** Closes a block or a list whose statement may go on directly below: nothing ends it. */
export const CLOSING_LINE_WITHOUT_END = wholeLines(/[)\]}]+/);

/** Goes on so at the same indentation: Allman's `else`, and the `while` of a `do`. */
export const NEXT_BRANCH = linesBeginningWith(
  /@?(?:else|elif|elseif|elsif|catch|finally|except|rescue|ensure)\b/,
  /while\b.*;\s*$/,
);

/** Goes on so below a closing `)`. */
export const NEXT_BODY = wholeLines(/\{/);

/** Goes on so at any indentation. */
export const NEXT_CALL = linesBeginningWith(/\??\.\w/);
