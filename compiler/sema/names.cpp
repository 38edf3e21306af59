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
    if (c >= 'A' && c <= 'Z')
      result += static_cast<char>(c - 'A' + 'a');
    else if (plain)
      result += c;
    else if (!result.empty() && result.back() != '-')
      result += '-';
  }
  while (!result.empty() && result.back() == '-') result.pop_back();
  return result;
}

std::string dashed(const plan::HostPattern& pattern) {
  using enum plan::HostKind;
  std::string name;  // a `-` of the name itself stays: `xn--…`
  for (char c : pattern.name) name += c == '.' ? '-' : c;
  switch (pattern.kind) {
    case exact:
      return name;
    case one_label:
      return "wildcard-" + name;
    case any_depth:
      return "wildcards-" + name;
    case any:
      return "every-other-host";
  }
  return name;
}

std::string dashed_label(std::string_view label) {
  if (label == "@") return "apex";
  if (label == "*") return "wildcard";
  if (label == "**") return "wildcards";
  return dashed(label);
}

std::string shortened(std::string name, std::string_view identity, size_t limit) {
  if (name.size() <= limit) return name;
  name.resize(limit - 9);
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name + '-' + hash8(identity);
}

bool Names::take(const std::string& name, std::string_view content, Span at, Span& other) {
  auto [number, fresh_content] = contents_.add(content, content_count_);
  content_count_ += fresh_content;
  auto [owner, fresh] = names_.add(name, static_cast<uint32_t>(owners_.size()));
  if (fresh) owners_.push_back({number, at});
  other = owners_[owner].at;
  return owners_[owner].content == number;
}

std::string Names::given(std::string wanted, std::string_view content, size_t limit) {
  Span other;
  std::string name = shortened(std::move(wanted), content, limit);
  if (take(name, content, {}, other)) return name;
  name = shortened(name + '-' + hash8(content), content, limit);
  take(name, content, {}, other);
  return name;
}

std::string Names::written(std::string name, std::string_view content, Span at, diag::Sink& diags,
                           size_t limit) {
  if (name.size() > limit) {
    diags.emit(diag::NameTooLong{.name = name, .limit = std::to_string(limit)}, at);
    return name;
  }
  Span other;
  if (!take(name, content, at, other)) {
    auto& d = diags.emit(diag::NameCollision{.name = name}, at);
    if (other.known()) d.note("the other one", other);
  }
  return name;
}

}  // namespace sluice::sema
