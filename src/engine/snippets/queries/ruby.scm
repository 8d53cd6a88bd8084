(class name: (constant) @name body: (_)? @body) @class
(class name: (scope_resolution name: (constant) @name) body: (_)? @body) @class
(module name: (constant) @name body: (_)? @body) @module
(module name: (scope_resolution name: (constant) @name) body: (_)? @body) @module
(method name: (_) @name body: (_)? @body) @method
(singleton_method name: (_) @name body: (_)? @body) @method
(assignment left: (constant) @name) @constant
(call method: (identifier) @_macro arguments: (argument_list (simple_symbol) @name)
  (#match? @_macro "^(attr_reader|attr_accessor|attr_writer|has_many|has_one|belongs_to|scope|delegate)$")) @field
