#include "runtime/proxy/local_generation.h"

#include <span>

#include "runtime/proxy/weighted.h"

namespace sluice::proxy {

Endpoint* LocalGeneration::choose(const table::PoolRecord& pool) {
  const table::Table& t = table();
  const auto shares = t.shares(pool);
  const auto share_state = std::span(share_state_).subspan(pool.shares.first, pool.shares.count);
  size_t share = 0;
  if (shares.size() > 1)
    share = choose_weighted(share_state, [&](size_t i) { return shares[i].weight; });
  if (share >= shares.size()) return nullptr;
  const table::UpstreamRecord& upstream = t.upstreams()[shares[share].upstream];
  const auto members = t.members(upstream);
  const auto member_state =
      std::span(member_state_).subspan(upstream.members.first, upstream.members.count);
  size_t member = 0;
  if (members.size() > 1)
    member = choose_weighted(member_state, [&](size_t i) { return members[i].weight; });
  if (member >= members.size()) return nullptr;
  Endpoint*& slot = dialled_[upstream.members.first + member];
  if (!slot) slot = endpoints_.use(t, upstream, members[member]);
  return slot;
}

}  // namespace sluice::proxy
