#include "compiler/sema/building.h"

#include <fmt/format.h>

#include "compiler/diag/catalog.gen.h"
#include "compiler/sema/types.h"

namespace sluice::sema {

void Building::need(FeatureId feature, Span at, std::optional<plan::HostId> host) {
  bool by_host = false;
  for (const plan::Gap& gap : plan.gaps) by_host = by_host || (gap.feature == feature && gap.host);
  uint64_t key = static_cast<uint64_t>(feature) << 32;
  if (by_host && host) key |= host->index + 1;
  if (needs_.insert(key).second) plan.needs.push_back({feature, at, host});
}

plan::SecretId Building::secret(std::string name, std::optional<std::string> key,
                                plan::SecretUse use, Span at) {
  std::string identity = name;
  identity.append("\n").append(key.value_or("")).append("\n") +=
      static_cast<char>('0' + static_cast<int>(use));
  auto [id, fresh] = secrets.add(identity, static_cast<uint32_t>(plan.secrets.size()));
  if (fresh) plan.secrets.push_back({std::move(name), std::move(key), use, at});
  return {id};
}

std::vector<Words> Building::groups(model::Node node, const Frame* frame) {
  const syntax::Ast& ast = model.ast(node);
  const syntax::Range range = model[node].head.groups;
  std::vector<Words> result;
  for (uint32_t g = range.begin; g < range.end; ++g) {
    syntax::Range items = ast.groups[g].items;
    if (g == range.begin) ++items.begin;
    result.emplace_back(values, node.file, items, frame);
  }
  return result;
}

Values Building::list(model::Node node, const Frame* frame) {
  Values result;
  for (Words& words : groups(node, frame)) {
    if (!words.done()) words.next(result);
  }
  return result;
}

model::DeclarationId Building::named(model::Kind kind, const Value& value) {
  auto file = model.file_of_source.find(value.at.source);
  if (value.secret || file == model.file_of_source.end()) {
    wrong_type(value, "a name", "", diags);
    return model::kNoDeclaration;
  }
  model::DeclarationId id = model.lookup(file->second, kind, value.text);
  if (id == model::kNoDeclaration)
    unknown_name(model, file->second, kind, value.text, value.use, diags);
  else
    usage[id] = true;
  return id;
}

void Building::wrong_arguments(std::string_view word, std::string_view shape, Span at) {
  diags.emit(diag::WrongArguments{.word = word, .shape = shape}, at);
}

}  // namespace sluice::sema
