// The types that a `let`, a `param` or a middleware's parameter may declare (D19).
#include "compiler/diag/catalog.gen.h"
#include "compiler/model/nearest.h"
#include "compiler/sema/evaluate.h"
#include "compiler/sema/types.h"

namespace sluice::sema {
namespace {

constexpr std::string_view kTypes[] = {
    "text", "int",  "duration", "size",   "rate",   "percent",     "host",     "address",   "url",
    "path", "cidr", "regex",    "secret", "issuer", "certificate", "upstream", "middleware"};

}  // namespace

bool is_type(std::string_view name) {
  for (std::string_view type : kTypes) {
    if (type == name) return true;
  }
  return false;
}

std::string_view nearest_type(std::string_view name) {
  model::Nearest nearest(name);
  for (std::string_view type : kTypes) nearest.offer(type);
  return nearest.best();
}

std::optional<model::Kind> kind_of_type(std::string_view type) {
  for (model::Kind kind : {model::Kind::issuer, model::Kind::certificate, model::Kind::upstream,
                           model::Kind::middleware}) {
    if (to_string(kind) == type) return kind;
  }
  return {};
}

void unknown_name(const model::Model& model, uint32_t file, model::Kind kind, std::string_view name,
                  Span use, diag::Sink& diags) {
  model::Nearest nearest(name);
  const auto index = static_cast<size_t>(kind);
  std::vector<std::string> qualified;
  for (const auto& [key, id] : model.scopes[model.files[file].scope].names[index])
    nearest.offer(key);
  for (const model::Import& import : model.files[file].imports) {
    for (const auto& [key, id] : model.scopes[import.scope].names[index]) {
      qualified.push_back(std::string(import.alias) + "." + std::string(key));
    }
  }
  for (const std::string& candidate : qualified) nearest.offer(candidate);
  diags.emit(diag::UnknownName{.kind = to_string(kind), .name = name, .suggestion = nearest.best()},
             use);
}

bool check_type(std::string_view type, const Value& value, const model::Model& model,
                diag::Sink& diags) {
  if (type == "secret") {
    if (value.secret) return true;
    wrong_type(value, "secret(\"NAME\")", "", diags);
    return false;
  }
  if (auto kind = kind_of_type(type)) {
    if (value.secret) return wrong_type(value, "a name", "", diags), false;
    auto file = model.file_of_source.find(value.at.source);
    if (file == model.file_of_source.end()) return true;
    if (model.lookup(file->second, *kind, value.text) != model::kNoDeclaration) return true;
    unknown_name(model, file->second, *kind, value.text, value.use, diags);
    return false;
  }
  if (type == "text") return value.secret ? (wrong_type(value, "text", "", diags), false) : true;
  if (type == "int") return read_int(value, 0, UINT32_MAX, diags).has_value();
  if (type == "duration") return read_duration(value, diags).has_value();
  if (type == "size") return read_size(value, diags).has_value();
  if (type == "rate") return read_rate(value, diags).has_value();
  if (type == "percent") return read_percent(value, diags).has_value();
  if (type == "host") return read_host(value, diags).has_value();
  if (type == "address") return read_endpoint(value, diags).has_value();
  if (type == "url") return read_url(value, diags).has_value();
  if (type == "path") return read_path(value, false, diags).has_value();
  if (type == "cidr") return read_cidr(value, diags).has_value();
  if (type == "regex") return read_regex(value, diags).has_value();
  return true;
}

}  // namespace sluice::sema
