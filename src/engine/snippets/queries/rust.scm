(struct_item name: (type_identifier) @name body: (field_declaration_list) @body) @class
(struct_item name: (type_identifier) @name body: (ordered_field_declaration_list)) @class
(struct_item name: (type_identifier) @name !body) @class
(union_item name: (type_identifier) @name body: (_) @body) @class
(field_declaration name: (field_identifier) @name) @field
(enum_item name: (type_identifier) @name body: (_) @body) @enum
(enum_variant name: (identifier) @name) @constant
(trait_item name: (type_identifier) @name body: (declaration_list) @body) @interface
(impl_item type: (type_identifier) @name body: (declaration_list) @body) @implementation
(impl_item type: (scoped_type_identifier name: (type_identifier) @name) body: (declaration_list) @body) @implementation
(impl_item type: (generic_type type: (scoped_type_identifier name: (type_identifier) @name)) body: (declaration_list) @body) @implementation
(impl_item type: (generic_type type: (type_identifier) @name) body: (declaration_list) @body) @implementation
(type_item name: (type_identifier) @name) @type
(function_item name: (identifier) @name body: (block) @body) @function
(function_signature_item name: (identifier) @name) @function
(const_item name: (identifier) @name) @constant
(static_item name: (identifier) @name) @constant
(mod_item name: (identifier) @name body: (declaration_list) @body) @module
(macro_definition name: (identifier) @name (macro_rule) @body) @macro
