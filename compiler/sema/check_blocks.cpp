#include "compiler/sema/check_blocks.h"

#include <fmt/format.h>

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/check_schema.h"
#include "compiler/sema/evaluate.h"
#include "compiler/sema/types.h"

namespace sluice::sema {
namespace {

using model::Kind;

void issuer_block(const model::Model& model, const model::Declaration& declared,
                  diag::Sink& diags) {
  const syntax::Ast& ast = model.ast(declared.node);
  int kinds = 0;
  for (std::string_view word : {"acme", "internal_ca", "acm", "installed"}) {
    kinds += find_child(ast, declared.node.statement, word) != syntax::kNone;
  }
  if (kinds != 1) {
    diags.emit(diag::ExactlyOne{.block = fmt::format("the issuer `{}`", declared.name),
                                .words = "`acme`, `internal_ca`, `acm`, `installed`"},
               declared.at);
    return;
  }
  if (find_child(ast, declared.node.statement, "acme") != syntax::kNone) return;
  for (std::string_view word : {"email", "challenge"}) {
    uint32_t id = find_child(ast, declared.node.statement, word);
    if (id == syntax::kNone) continue;
    diags.emit(diag::Missing{.block = fmt::format("`{}`", word), .word = "an `acme` beside it"},
               ast.statements[id].span);
  }
}

void certificate_block(const model::Model& model, const model::Declaration& declared,
                       diag::Sink& diags) {
  const syntax::Ast& ast = model.ast(declared.node);
  auto has = [&](std::string_view word) {
    return find_child(ast, declared.node.statement, word) != syntax::kNone;
  };
  std::string name = fmt::format("the certificate `{}`", declared.name);
  if (has("issuer")) {
    if (!has("hosts"))
      diags.emit(diag::Missing{.block = name, .word = "`hosts` beside its issuer"}, declared.at);
    if (has("files"))
      diags.emit(diag::ExactlyOne{.block = name, .words = "`issuer`, `secret`, `files`"},
                 declared.at);
  } else if (has("hosts")) {
    diags.emit(diag::Missing{.block = name, .word = "an `issuer` beside its hosts"}, declared.at);
  } else if (has("secret") == has("files")) {
    diags.emit(diag::ExactlyOne{.block = name, .words = "`issuer`, `secret`, `files`"},
               declared.at);
  }
}

// `(rate: rate, burst: int = 50)`.
void parameters(const model::Model& model, const model::Declaration& declared, diag::Sink& diags) {
  const syntax::Ast& ast = model.ast(declared.node);
  const syntax::Range items = ast.groups[model[declared.node].head.groups.begin].items;
  const syntax::Item& item = ast.items[items.begin + 1];
  std::vector<std::string_view> names;
  for (uint32_t i = item.arguments.begin; i < item.arguments.end; ++i) {
    const syntax::Item& left = ast.items[ast.arguments[i].left];
    std::string_view name = left.label.empty() ? left.spelling : left.label;
    if (left.kind != syntax::ItemKind::word || left.has_call ||
        !name_fault(Kind::value, name).empty()) {
      diags.emit(
          diag::BadName{.name = name, .why = "a parameter is written `NAME[: TYPE][ = VALUE]`"},
          left.whole);
    }
    if (!left.label.empty() && !is_type(left.spelling)) {
      diags.emit(
          diag::UnknownName{
              .kind = "type", .name = left.spelling, .suggestion = nearest_type(left.spelling)},
          left.span);
    }
    for (std::string_view other : names) {
      if (other == name)
        diags.emit(diag::DeclaredTwice{.kind = "parameter", .name = name}, left.whole);
    }
    names.push_back(name);
  }
}

}  // namespace

std::string name_fault(Kind kind, std::string_view name) {
  if (name == "off") return "`off` is a word of the language";
  if (kind == Kind::upstream && (name == "service" || name == "respond" || name == "redirect"))
    return "a destination begins so";
  if (name.size() > 40) return "it is longer than 40 letters";
  if (!is_label(name, 40) || name.front() < 'a')
    return "names are lower-case letters, digits and `-`, and begin with a letter";
  return "";
}

void check_declaration(const model::Model& model, const model::Declaration& declared,
                       diag::Sink& diags) {
  const syntax::Ast& ast = model.ast(declared.node);
  if (declared.kind == Kind::issuer) issuer_block(model, declared, diags);
  if (declared.kind == Kind::certificate) certificate_block(model, declared, diags);
  if (declared.kind == Kind::middleware) parameters(model, declared, diags);
  if (declared.kind == Kind::upstream &&
      find_child(ast, declared.node.statement, "service") == syntax::kNone &&
      find_child(ast, declared.node.statement, "address") == syntax::kNone) {
    diags.emit(diag::Missing{.block = fmt::format("the upstream `{}`", declared.name),
                             .word = "a `service` or an `address`"},
               declared.at);
  }
}

void check_test(const model::Model& model, model::Node test, diag::Sink& diags) {
  const syntax::Ast& ast = model.ast(test);
  bool asked = false, expected = true;
  for (uint32_t id : syntax::children(ast, model[test].first_child)) {
    std::string_view word = word_of(ast, id);
    Span at = ast.statements[id].span;
    if (word == "request") {
      if (!expected)
        diags.emit(diag::TestShape{.why = "nothing is expected of the request before"}, at);
      asked = true, expected = false;
    } else if (word == "expect") {
      if (!asked) {
        diags.emit(diag::TestShape{.why = "an `expect` follows its `request`"}, at);
        return;
      }
      expected = true;
    }
  }
  if (!asked || !expected) {
    diags.emit(diag::TestShape{.why = asked ? "nothing is expected of its last request"
                                            : "it asks nothing"},
               ast.first_item(model[test].head).span);
  }
}

}  // namespace sluice::sema
