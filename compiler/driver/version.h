// The one place that says which Sluice this is.
#pragma once

namespace sluice::driver {

inline constexpr const char* kVersion = "0.1.0";
inline constexpr int kEdition = 2026;

}  // namespace sluice::driver
