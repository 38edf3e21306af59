// What a target can do. One table a target, filled by name from features.def; nobody else asks
// "which target?". The check reads only this table (capability/check.h).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice {

enum class FeatureId : uint8_t {
#define SLUICE_FEATURE(id, doc) id,
#include "compiler/capability/features.def"
#undef SLUICE_FEATURE
};

struct FeatureInfo {
  std::string_view name;
  std::string_view doc;
};
std::span<const FeatureInfo> features();  // indexed by FeatureId
inline const FeatureInfo& info(FeatureId id) { return features()[static_cast<size_t>(id)]; }

enum class Support : uint8_t {
  native,       // the engine does it
  emulated,     // a construction gives the same meaning: `note` says how
  partial,      // something differs: `note` says what; recorded in sluice.json, shown as a warning
  unsupported,  // refused at the line that needs it, unless degraded: `note` says why
};

// No default: a feature left out of a table does not compile.
struct Capability {
  constexpr Capability(Support s, std::string_view n) : support(s), note(n) {}
  Support support;
  std::string_view note;
};
constexpr Capability native() { return {Support::native, {}}; }
constexpr Capability emulated(std::string_view how) { return {Support::emulated, how}; }
constexpr Capability partial(std::string_view what) { return {Support::partial, what}; }
constexpr Capability unsupported(std::string_view why) { return {Support::unsupported, why}; }

// One field a feature: `constexpr Capabilities kCapabilities = {.host_exact = native(), …};`
struct Capabilities {
#define SLUICE_FEATURE(id, doc) Capability id;
#include "compiler/capability/features.def"
#undef SLUICE_FEATURE
  const Capability& operator[](FeatureId id) const;
};

// A row of a target's own words in `site N { target T { … } }`: "platform k3s", "daemonset".
struct OptionRow {
  std::string_view name;
  enum class Kind : uint8_t { flag, choice, text } kind;
  std::string_view choices;  // for choice: "k3s|plain"
  std::string_view doc;
};

// The same target under one of its own words, where that changes what it can: `kind ingress`.
struct Variant {
  std::string_view option, value;
  Capabilities capabilities;
};

// What everything but the target itself may know about a target.
struct TargetFacts {
  std::string_view name;     // "caddy"
  std::string_view summary;  // one line for `sluice targets`
  bool kubernetes;           // an upstream is its `service` there (D29)
  std::span<const OptionRow> options;
  Capabilities capabilities;
  std::span<const Variant> variants = {};  // plan/check.h chooses: capabilities_of()
};

}  // namespace sluice
