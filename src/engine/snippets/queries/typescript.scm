(class_declaration name: (type_identifier) @name body: (class_body) @body) @class
(abstract_class_declaration name: (type_identifier) @name body: (class_body) @body) @class
(interface_declaration name: (type_identifier) @name body: (_) @body) @interface
(enum_declaration name: (identifier) @name body: (_) @body) @enum
(enum_body (property_identifier) @name @constant)
(enum_body (enum_assignment name: (_) @name) @constant)
(type_alias_declaration name: (type_identifier) @name) @type
(type_alias_declaration name: (type_identifier) @name value: (object_type) @body) @type
(type_alias_declaration value: (object_type (property_signature name: (_) @name) @field))
(internal_module name: (_) @name body: (_) @body) @module
(function_declaration name: (identifier) @name body: (statement_block) @body) @function
(generator_function_declaration name: (identifier) @name body: (statement_block) @body) @function
(function_signature name: (identifier) @name) @function
(method_definition name: (_) @name body: (statement_block) @body) @method
(method_signature name: (_) @name) @method
(abstract_method_signature name: (_) @name) @method
(public_field_definition name: (_) @name) @field
(interface_body (property_signature name: (_) @name) @field)
(method_definition
  name: (property_identifier) @_constructor
  parameters: (formal_parameters (required_parameter (accessibility_modifier) pattern: (identifier) @name) @field)
  (#eq? @_constructor "constructor"))
(program (lexical_declaration (variable_declarator name: (identifier) @name value: (arrow_function body: (_) @body))) @function)
(export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @name value: (arrow_function body: (_) @body))) @function)
(program (lexical_declaration (variable_declarator name: (identifier) @name)) @variable)
(export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @name)) @variable)
(ambient_declaration (lexical_declaration (variable_declarator name: (identifier) @name)) @variable)
(ambient_declaration (variable_declaration (variable_declarator name: (identifier) @name)) @variable)
