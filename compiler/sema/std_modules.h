// The library that every binary carries: stdlib/*.sluice, turned into a table at build time.
#pragma once

#include <span>
#include <string_view>

namespace sluice::sema {

struct StdModule {
  std::string_view name;  // "security"
  std::string_view text;
};
std::span<const StdModule> std_modules();  // sorted by name

}  // namespace sluice::sema
