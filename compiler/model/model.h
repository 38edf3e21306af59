// The checked declarations of a source, before a site is chosen: who is declared where, which words
// stand in each block (checked against the schema), what each file imports. Values are still
// expressions: they are read when a site is planned, since a site may set them. Invariants: a Node
// names a statement of files[file].ast that passed the schema; `lookup` finds each declaration by
// scope, kind and name; modules hold no hosts, sites or tests. Owned by whoever resolved it; views
// point into the SourceMap given to resolve().
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/syntax/ast.h"

namespace sluice::model {

enum class Kind : uint8_t { value, issuer, certificate, upstream, middleware, site };
inline constexpr size_t kKinds = 6;
std::string_view to_string(Kind kind);  // "value", "issuer", …

// A statement of a file.
struct Node {
  uint32_t file = 0;
  uint32_t statement = syntax::kNone;
  bool operator==(const Node&) const = default;
};

// `issuer N`, `let N = …`: something with a name.
struct Declaration {
  Kind kind = Kind::value;
  std::string_view name;
  Span at;    // of the name
  Node node;  // for the two undeclared issuers: statement kNone
  uint32_t scope = 0;
  bool settable = false;  // `param`, not `let`
  std::string_view type;  // of a value: as written, empty when none is
};
using DeclarationId = uint32_t;
inline constexpr DeclarationId kNoDeclaration = UINT32_MAX;

// Names that one file or the sum of a project's files share: scope 0 is the project, each module is
// one.
struct Scope {
  std::array<std::unordered_map<std::string_view, DeclarationId>, kKinds> names;
};

struct Import {
  std::string_view alias;
  Span at;
  uint32_t scope = 0;
};

struct File {
  SourceId source = kNoSource;
  uint32_t scope = 0;
  syntax::Ast ast;
  std::vector<Import> imports;
  Node name_space;  // the file's `namespace NAME`; statement kNone: none
};

struct Model {
  const SourceMap* sources = nullptr;
  std::vector<File> files;
  std::vector<Scope> scopes;
  std::vector<Declaration> declarations;
  // In the order of files and lines; sites are declarations as well.
  std::vector<Node> hosts, zones, tests;
  std::vector<DeclarationId> sites;
  std::unordered_map<SourceId, uint32_t> file_of_source;

  const syntax::Statement& operator[](Node node) const {
    return files[node.file].ast.statements[node.statement];
  }
  const syntax::Ast& ast(Node node) const { return files[node.file].ast; }
  // `name`, or `alias.name` through the imports of `file`; kNoDeclaration: none.
  DeclarationId lookup(uint32_t file, Kind kind, std::string_view name) const;
};

}  // namespace sluice::model
