#include "compiler/sema/resolve.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/diag/catalog.gen.h"
#include "compiler/model/schema.h"
#include "compiler/sema/check_blocks.h"
#include "compiler/sema/check_schema.h"
#include "compiler/sema/evaluate.h"
#include "compiler/sema/loader.h"

namespace sluice::sema {
namespace {

using model::Kind;
using model::Node;

class Resolver {
 public:
  Resolver(model::Model& model, diag::Sink& diags) : model_(model), diags_(diags) {}

  void run() {
    for (uint32_t file = 0; file < model_.files.size(); ++file) {
      check_file(model_, file, diags_);
      for (uint32_t id : syntax::children(model_.files[file].ast, model_.files[file].ast.first))
        enter({file, id});
    }
    for (uint32_t scope = 0; scope < model_.scopes.size(); ++scope) {
      for (std::string_view name : {"letsencrypt", "local"}) undeclared_issuer(scope, name);
    }
    // What a block as a whole lacks is asked only of blocks without a mistake in them: it may be
    // what is missing.
    gather_mistakes();
    for (const model::Declaration& declared : model_.declarations) {
      if (declared.node.statement == syntax::kNone || has_mistake(declared.node)) continue;
      check_declaration(model_, declared, diags_);
    }
    for (Node test : model_.tests) {
      if (!has_mistake(test)) check_test(model_, test, diags_);
    }
  }

 private:
  void gather_mistakes() {
    for (const diag::Diagnostic& d : diags_.all()) {
      if (d.severity == diag::Severity::error) mistakes_.emplace_back(d.span.source, d.span.begin);
    }
    std::sort(mistakes_.begin(), mistakes_.end());
  }
  bool has_mistake(Node node) const {
    Span span = model_[node].span;
    auto first =
        std::lower_bound(mistakes_.begin(), mistakes_.end(), std::pair(span.source, span.begin));
    return first != mistakes_.end() && first->first == span.source && first->second < span.end;
  }

  void enter(Node node) {
    const syntax::Ast& ast = model_.ast(node);
    std::string_view word = word_of(ast, node.statement);
    if (word == "import" || word.empty()) return;
    bool in_module = model_.files[node.file].scope != 0;
    bool shared = word == "let" || word == "issuer" || word == "certificate" ||
                  word == "upstream" || word == "middleware";
    if (in_module && !shared && word != "edition" && find_row(model::Block::top, word) != nullptr) {
      diags_.emit(diag::NotInModule{.word = word}, ast.first_item(model_[node].head).span);
      return;
    }
    if (word == "host")
      model_.hosts.push_back(node);
    else if (word == "zone")
      model_.zones.push_back(node);
    else if (word == "test")
      model_.tests.push_back(node);
    else if (word == "namespace")
      model_.files[node.file].name_space = node;
    else if (word == "edition")
      edition(node);
    else if (word == "let" || word == "param")
      declare(Kind::value, node);
    else if (word == "issuer")
      declare(Kind::issuer, node);
    else if (word == "certificate")
      declare(Kind::certificate, node);
    else if (word == "upstream")
      declare(Kind::upstream, node);
    else if (word == "middleware")
      declare(Kind::middleware, node);
    else if (word == "site")
      declare(Kind::site, node);
  }

  void edition(Node node) {
    const syntax::Range items = model_.ast(node).groups[model_[node].head.groups.begin].items;
    if (items.size() != 2) return;  // the schema has said so
    const syntax::Item& year = model_.ast(node).items[items.begin + 1];
    if (year.spelling != "2026")
      diags_.emit(diag::UnknownEdition{.edition = year.spelling}, year.span);
  }

  void declare(Kind kind, Node node) {
    const syntax::Ast& ast = model_.ast(node);
    const syntax::Range items = ast.groups[model_[node].head.groups.begin].items;
    if (items.size() < 2) return;
    const syntax::Item& item = ast.items[items.begin + 1];
    model::Declaration declared{kind,
                                item.spelling,
                                item.span,
                                node,
                                model_.files[node.file].scope,
                                word_of(ast, node.statement) == "param",
                                {}};
    if (!item.label.empty()) {
      declared.name = item.label;
      declared.at = item.label_span;
      declared.type = item.spelling;
      if (kind != Kind::value) {
        diags_.emit(diag::WrongSign{.word = to_string(kind),
                                    .shape = fmt::format("{} NAME", to_string(kind))},
                    item.whole);
      } else if (!is_type(declared.type)) {
        diags_.emit(
            diag::UnknownName{
                .kind = "type", .name = declared.type, .suggestion = nearest_type(declared.type)},
            item.span);
        declared.type = {};
      }
    }
    if (item.has_call && kind != Kind::middleware) {
      diags_.emit(diag::WrongArguments{.word = to_string(kind),
                                       .shape = fmt::format("{} NAME", to_string(kind))},
                  item.whole);
    }
    if (std::string why = name_fault(kind, declared.name); !why.empty()) {
      diags_.emit(diag::BadName{.name = declared.name, .why = why}, declared.at);
      return;
    }
    auto id = static_cast<model::DeclarationId>(model_.declarations.size());
    auto& names = model_.scopes[declared.scope].names[static_cast<size_t>(kind)];
    auto [entry, fresh] = names.try_emplace(declared.name, id);
    if (!fresh) {
      diags_.emit(diag::DeclaredTwice{.kind = to_string(kind), .name = declared.name}, declared.at)
          .note("first here", model_.declarations[entry->second].at);
      return;
    }
    model_.declarations.push_back(declared);
    if (kind == Kind::site) model_.sites.push_back(id);
  }

  void undeclared_issuer(uint32_t scope, std::string_view name) {
    auto id = static_cast<model::DeclarationId>(model_.declarations.size());
    if (!model_.scopes[scope].names[static_cast<size_t>(Kind::issuer)].try_emplace(name, id).second)
      return;
    model_.declarations.push_back({Kind::issuer, name, {}, {}, scope, false, {}});
  }

  model::Model& model_;
  diag::Sink& diags_;
  std::vector<std::pair<SourceId, uint32_t>> mistakes_;  // places of the errors so far
};

}  // namespace

model::Model resolve(SourceMap& sources, const model::Files& files, const std::string& entry,
                     diag::Sink& diags) {
  model::Model model;
  load(sources, files, entry, model, diags);
  // A tree with holes makes mistakes of its own: what does not parse is mended first.
  if (diags.has_errors()) return model;
  Resolver(model, diags).run();
  return model;
}

}  // namespace sluice::sema
