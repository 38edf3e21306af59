// Names of emitted objects (D30): readable defaults, at most 63 letters, no two things under one name.
// Written names that are too long or collide are errors where they are written; default ones are cut and
// end in 8 hex digits of a hash of the whole identity, so that they are stable under unrelated edits.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "compiler/diag/diagnostic.h"
#include "compiler/plan/plan.h"

namespace sluice::sema {

inline constexpr size_t kNameLimit = 63;
// A Certificate's: the Order's name is cut from it (meaning-certificates K30).
inline constexpr size_t kCertificateNameLimit = 52;

std::string hash8(std::string_view identity);
// Lower case, `.` `/` and other signs as dashes, `*` as `wildcard`; no dash at either end.
std::string dashed(std::string_view text);
std::string dashed(const plan::HostPattern& pattern);
// Cut to `limit` with a hash of `identity` when longer.
std::string shortened(std::string name, std::string_view identity, size_t limit = kNameLimit);

// One kind of object of one site.
class Names {
 public:
  // The default name for `content`: the same content gets the same name; another content under a taken name
  // gets a hash behind it.
  std::string given(std::string wanted, std::string_view content, size_t limit = kNameLimit);
  // A written name: SL0510, SL0511.
  std::string written(std::string name, std::string_view content, Span at, diag::Sink& diags,
                      size_t limit = kNameLimit);

 private:
  struct Owner {
    size_t content;  // its hash
    Span at;
  };
  std::unordered_map<std::string, Owner> owners_;
};

}  // namespace sluice::sema
