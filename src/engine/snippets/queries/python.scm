(class_definition name: (identifier) @name body: (block) @body) @class
(function_definition name: (identifier) @name body: (block) @body) @function
(module (expression_statement (assignment left: (identifier) @name)) @variable)
(class_definition body: (block (expression_statement (assignment left: (identifier) @name)) @field))
(class_definition
  body: (block
    (function_definition
      name: (identifier) @_constructor
      body: (block
        (expression_statement (assignment left: (attribute object: (identifier) @_self attribute: (identifier) @name)) @field))))
  (#eq? @_constructor "__init__")
  (#eq? @_self "self"))
