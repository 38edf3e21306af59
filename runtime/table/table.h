// The routing table after load: an immutable view over bytes that someone else owns (sluiced reads
// the file whole; tests hold a string). They must be aligned to 8 and outlive the Table, unchanged.
// Invariant: every offset, index, count, string, order and probe was checked by `load()`. Nothing
// below checks again; a byte that did not pass `load()` must never reach this type.
// Threads: const after load, shared between loops. Allocates only in `load()` (compiled regexes).
// Fails: only in `load()`, each cause in its own words: too short, no table, other byte order,
// other version, truncated or longer than it says, damaged (digest), malformed (what and where).
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/table/format.h"

namespace re2 {
class RE2;
}

namespace sluice::table {

class Table {
 public:
  static Result<Table> load(std::span<const std::byte> bytes);
  static Result<Table> load(std::string_view bytes);

  Table(Table&&) noexcept;
  Table& operator=(Table&&) noexcept;
  ~Table();

  const Meta& meta() const { return site_[0]; }
  std::string_view text(StringRef ref) const { return {strings_.data() + ref.offset, ref.length}; }
  // Every section by its name in format.h: `hosts()`, `routes()`, `pools()`, …
#define SLUICE_SECTION(id, record) \
  std::span<const record> id() const { return id##_; }
  SLUICE_TABLE_SECTIONS(SLUICE_SECTION)
#undef SLUICE_SECTION

  // All routes of a host: exact, then regex, then prefix.
  std::span<const RouteRecord> routes(const HostRecord& host) const {
    return routes_.subspan(host.routes, host.exact + host.regex + host.prefix);
  }
  const ChainRecord& chain(const RouteRecord& route) const { return chains_[route.chain]; }
  // The chain's policies in the order in which they act.
  std::span<const uint32_t> steps(const ChainRecord& chain) const {
    return of(steps_, chain.steps);
  }
  std::span<const EditRecord> edits(Slice slice) const { return of(edits_, slice); }
  std::span<const StringRef> list(Slice slice) const { return of(lists_, slice); }
  std::span<const ShareRecord> shares(const PoolRecord& pool) const {
    return of(shares_, pool.shares);
  }
  std::span<const MemberRecord> members(const UpstreamRecord& upstream) const {
    return of(members_, upstream.members);
  }
  const re2::RE2& regex(const RouteRecord& route) const { return *compiled_[route.above]; }

  uint32_t id_of(const HostRecord& host) const {
    return static_cast<uint32_t>(&host - hosts_.data());
  }
  uint32_t id_of(const RouteRecord& route) const {
    return static_cast<uint32_t>(&route - routes_.data());
  }

 private:
  Table();
  template <class T>
  static std::span<const T> of(std::span<const T> all, Slice slice) {
    return all.subspan(slice.first, slice.count);
  }

#define SLUICE_SECTION(id, record) std::span<const record> id##_;
  SLUICE_TABLE_SECTIONS(SLUICE_SECTION)
#undef SLUICE_SECTION
  std::vector<std::unique_ptr<const re2::RE2>> compiled_;  // beside `regexes`
};

}  // namespace sluice::table
