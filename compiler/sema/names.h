// Names of emitted objects (D30): readable defaults, at most 63 letters, no two things under one
// name. Written names that are too long or collide are errors where they are written; default ones
// are cut and end in 8 hex digits of a hash of the whole identity, so that they are stable under
// unrelated edits. Hosts of one block under one written name are one object, and so are their equal
// routes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/plan/plan.h"
#include "compiler/sema/id_table.h"

namespace sluice::sema {

inline constexpr size_t kNameLimit = 63;
// A Certificate's: the Order's name is cut from it (meaning-certificates K30).
inline constexpr size_t kCertificateNameLimit = 52;

std::string hash8(std::string_view identity);
// Lower case, `.` `/` and other signs as dashes, `*` as `wildcard`; no dash at either end.
std::string dashed(std::string_view text);
std::string dashed(const plan::HostPattern& pattern);
// What `${label}` reads: a zone's label, `@` as `apex`, `*` and `**` as words.
std::string dashed_label(std::string_view label);
// Cut to `limit` with a hash of `identity` when longer.
std::string shortened(std::string name, std::string_view identity, size_t limit = kNameLimit);

// One kind of object of one site.
class Names {
 public:
  // The default name for `content`: the same content gets the same name; another content under a
  // taken name gets a hash behind it.
  std::string given(std::string wanted, std::string_view content, size_t limit = kNameLimit);
  // A written name: SL0510, SL0511.
  std::string written(std::string name, std::string_view content, Span at, diag::Sink& diags,
                      size_t limit = kNameLimit);

 private:
  // Takes the name for the content; false when another content has it, whose place is `other`.
  bool take(const std::string& name, std::string_view content, Span at, Span& other);

  IdTable names_, contents_;
  struct Owner {
    uint32_t content;
    Span at;
  };
  std::vector<Owner> owners_;  // by number of the name
  uint32_t content_count_ = 0;
};

}  // namespace sluice::sema
