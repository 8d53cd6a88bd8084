(class_specifier name: (_) @name body: (field_declaration_list) @body) @class
(struct_specifier name: (_) @name body: (field_declaration_list) @body) @class
(union_specifier name: (_) @name body: (field_declaration_list) @body) @class
(enum_specifier name: (_) @name body: (_) @body) @enum
(enumerator name: (identifier) @name) @constant
(type_definition declarator: (type_identifier) @name) @type
(type_definition type: (struct_specifier body: (_) @body) declarator: (type_identifier) @name) @class
(type_definition type: (union_specifier body: (_) @body) declarator: (type_identifier) @name) @class
(type_definition type: (enum_specifier body: (_) @body) declarator: (type_identifier) @name) @enum
(type_definition declarator: (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))) @type
(alias_declaration name: (type_identifier) @name) @type
(namespace_definition name: (_) @name body: (_) @body) @module
(function_definition declarator: (_) @declarator body: (compound_statement) @body) @function
(function_definition declarator: (_) @declarator !body) @function
(translation_unit (declaration declarator: (_) @declarator) @declaration)
(linkage_specification (declaration_list (declaration declarator: (_) @declarator) @declaration))
(namespace_definition body: (declaration_list (declaration declarator: (_) @declarator) @declaration))
(preproc_ifdef (declaration declarator: (_) @declarator) @declaration)
(preproc_if (declaration declarator: (_) @declarator) @declaration)
(field_declaration declarator: (_) @declarator) @field
(field_declaration_list (declaration declarator: (_) @declarator) @method)
(preproc_def name: (identifier) @name value: (_)) @macro
(preproc_function_def name: (identifier) @name) @macro
