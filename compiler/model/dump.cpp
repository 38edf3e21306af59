#include "compiler/model/dump.h"

#include <fmt/format.h>

namespace sluice::model {
namespace {

std::string place(const Model& model, Span span) {
  if (!span.known()) return "undeclared";
  Position at = model.sources->position(span.source, span.begin);
  return fmt::format("{}:{}:{}", model.sources->path(span.source), at.line, at.column);
}

std::string head(const Model& model, Node node) {
  return std::string(model.sources->text(model[node].head.span));
}

}  // namespace

std::string dump(const Model& model) {
  std::string out;
  for (const File& file : model.files) {
    out += fmt::format("file {}{}\n", model.sources->path(file.source),
                       file.scope == 0 ? "" : fmt::format(" module {}", file.scope));
    for (const Import& import : file.imports)
      out += fmt::format("  import {} = module {}\n", import.alias, import.scope);
  }
  for (const Declaration& declared : model.declarations) {
    if (declared.node.statement == syntax::kNone && declared.scope != 0) continue;
    out += fmt::format(
        "{} {}{}{} at {}\n", declared.settable ? "param" : to_string(declared.kind),
        declared.scope == 0 ? "" : fmt::format("module {} ", declared.scope), declared.name,
        declared.type.empty() ? "" : fmt::format(": {}", declared.type), place(model, declared.at));
    if (declared.kind != Kind::value || declared.node.statement == syntax::kNone) continue;
    out += fmt::format("  = {}\n", model.sources->text(model[declared.node].tail.span));
  }
  auto list = [&](const std::vector<Node>& nodes) {
    for (Node node : nodes)
      out += fmt::format("{} at {}\n", head(model, node), place(model, model[node].span));
  };
  list(model.hosts);
  list(model.zones);
  list(model.tests);
  return out;
}

}  // namespace sluice::model
