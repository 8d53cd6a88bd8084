(class_declaration name: (identifier) @name body: (class_body) @body) @class
(function_declaration name: (identifier) @name body: (statement_block) @body) @function
(generator_function_declaration name: (identifier) @name body: (statement_block) @body) @function
(method_definition name: (_) @name body: (statement_block) @body) @method
(field_definition property: (_) @name) @field
(program (lexical_declaration (variable_declarator name: (identifier) @name value: (arrow_function body: (_) @body))) @function)
(program (lexical_declaration (variable_declarator name: (identifier) @name value: (function_expression body: (_) @body))) @function)
(program (lexical_declaration (variable_declarator name: (identifier) @name value: (class body: (_) @body))) @class)
(export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @name value: (arrow_function body: (_) @body))) @function)
(export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @name value: (function_expression body: (_) @body))) @function)
(program (lexical_declaration (variable_declarator name: (identifier) @name value: (_) @_value)) @variable
  (#not-match? @_value "^require\\("))
(program (variable_declaration (variable_declarator name: (identifier) @name value: (_) @_value)) @variable
  (#not-match? @_value "^require\\("))
(export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @name)) @variable)
(expression_statement (assignment_expression left: (member_expression property: (property_identifier) @name) right: (function_expression body: (_) @body))) @function
(expression_statement (assignment_expression left: (member_expression property: (property_identifier) @name) right: (arrow_function body: (_) @body))) @function
(expression_statement (assignment_expression right: (class name: (_) @name body: (class_body) @body))) @class
(expression_statement (assignment_expression right: (object (pair key: (property_identifier) @name value: (function_expression body: (_) @body)) @function)))
(expression_statement (assignment_expression right: (object (pair key: (property_identifier) @name value: (arrow_function body: (_) @body)) @function)))
