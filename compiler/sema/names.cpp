#include "compiler/sema/names.h"

#include <fmt/format.h>

#include "compiler/diag/catalog.gen.h"

namespace sluice::sema {

std::string hash8(std::string_view identity) {
  uint64_t hash = 14695981039346656037ULL;  // FNV-1a, folded
  for (char c : identity) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("{:08x}", static_cast<uint32_t>(hash ^ (hash >> 32)));
}

std::string dashed(std::string_view text) {
  std::string result;
  for (char c : text) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (c >= 'A' && c <= 'Z') result += static_cast<char>(c - 'A' + 'a');
    else if (plain) result += c;
    else if (!result.empty() && result.back() != '-') result += '-';
  }
  while (!result.empty() && result.back() == '-') result.pop_back();
  return result;
}

std::string dashed(const plan::HostPattern& pattern) {
  using enum plan::HostKind;
  std::string name;  // a `-` of the name itself stays: `xn--…`
  for (char c : pattern.name) name += c == '.' ? '-' : c;
  switch (pattern.kind) {
    case exact: return name;
    case one_label: return "wildcard-" + name;
    case any_depth: return "wildcards-" + name;
    case any: return "every-other-host";
  }
  return name;
}

std::string shortened(std::string name, std::string_view identity, size_t limit) {
  if (name.size() <= limit) return name;
  name.resize(limit - 9);
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name + '-' + hash8(identity);
}

std::string Names::given(std::string wanted, std::string_view content, size_t limit) {
  const size_t hash = std::hash<std::string_view>{}(content);
  std::string name = shortened(std::move(wanted), content, limit);
  auto [entry, fresh] = owners_.try_emplace(name, Owner{hash, {}});
  if (fresh || entry->second.content == hash) return name;
  name = shortened(name + '-' + hash8(content), content, limit);
  owners_.try_emplace(name, Owner{hash, {}});
  return name;
}

std::string Names::written(std::string name, std::string_view content, Span at, diag::Sink& diags, size_t limit) {
  if (name.size() > limit) {
    diags.emit(diag::NameTooLong{.name = name, .limit = std::to_string(limit)}, at);
    return name;
  }
  auto [entry, fresh] = owners_.try_emplace(name, Owner{std::hash<std::string_view>{}(content), at});
  if (!fresh && entry->second.content != std::hash<std::string_view>{}(content)) {
    auto& d = diags.emit(diag::NameCollision{.name = name}, at);
    if (entry->second.at.known()) d.note("the other one", entry->second.at);
  }
  return name;
}

}  // namespace sluice::sema
