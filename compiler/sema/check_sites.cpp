#include "compiler/sema/check_sites.h"

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/check_schema.h"

namespace sluice::sema {

void check_usage(const model::Model& model, const Usage& usage, diag::Sink& diags) {
  // An issuer that an unused certificate names is not reported beside it.
  Usage used = usage;
  for (const model::Declaration& declared : model.declarations) {
    if (declared.kind != model::Kind::certificate) continue;
    const syntax::Ast& ast = model.ast(declared.node);
    uint32_t from = find_child(ast, declared.node.statement, "issuer");
    if (from == syntax::kNone) continue;
    const syntax::Range items = ast.groups[ast.statements[from].head.groups.begin].items;
    if (items.size() != 2) continue;
    model::DeclarationId id =
        model.lookup(declared.node.file, model::Kind::issuer, ast.items[items.begin + 1].spelling);
    if (id != model::kNoDeclaration) used[id] = true;
  }
  for (model::DeclarationId id = 0; id < model.declarations.size(); ++id) {
    const model::Declaration& declared = model.declarations[id];
    if (used[id] || declared.scope != 0 || declared.node.statement == syntax::kNone) continue;
    switch (declared.kind) {
      case model::Kind::middleware:
        diags.emit(diag::UnusedMiddleware{.name = declared.name}, declared.at);
        break;
      case model::Kind::upstream:
        diags.emit(diag::UnusedUpstream{.name = declared.name}, declared.at);
        break;
      case model::Kind::issuer:
        diags.emit(diag::UnusedIssuer{.name = declared.name}, declared.at);
        break;
      case model::Kind::certificate:
        diags.emit(diag::UnusedCertificate{.name = declared.name}, declared.at);
        break;
      case model::Kind::value:
      case model::Kind::site:
        break;
    }
  }
}

}  // namespace sluice::sema
