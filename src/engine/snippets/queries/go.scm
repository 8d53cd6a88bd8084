(type_declaration (type_spec name: (type_identifier) @name type: (struct_type (field_declaration_list) @body)) @class)
(type_declaration (type_spec name: (type_identifier) @name type: (interface_type)) @interface)
(type_declaration (type_spec name: (type_identifier) @name type: (interface_type (method_elem) @body)) @interface)
(method_elem name: (field_identifier) @name) @method
(type_declaration (type_spec name: (type_identifier) @name type: (_) @_other) @type
  (#not-match? @_other "^(struct|interface)\\b"))
(type_declaration (type_alias name: (type_identifier) @name)) @type
(field_declaration_list (field_declaration name: (field_identifier) @name) @field)
(field_declaration_list (field_declaration !name type: (type_identifier) @name) @field)
(function_declaration name: (identifier) @name body: (block) @body) @function
(method_declaration name: (field_identifier) @name body: (block) @body) @method
(source_file (const_declaration (const_spec name: (identifier) @name) @constant))
(source_file (var_declaration (var_spec name: (identifier) @name) @variable))
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name) @variable)))
