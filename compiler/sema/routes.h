// The routes of one block, planned once for all hosts that the block names: paths, destinations,
// chains, in the order in which they are tried (C1).
#pragma once

#include <deque>
#include <unordered_map>

#include "compiler/sema/chains.h"
#include "compiler/sema/destinations.h"
#include "compiler/sema/hosts.h"

namespace sluice::sema {

struct RouteDraft {
  plan::Field<plan::PathMatch> path;
  plan::Answer answer;
  Chain chain;
  std::vector<std::pair<FeatureId, Span>> needs;
  model::Node name;  // the route's `name` statement; kNone: none
  Span at;
};

class RouteReader {
 public:
  // `site`: what the site's own `use` brings.
  RouteReader(Building& b, const Layer& site) : b_(b), site_(site) {}
  // Of a `host` block or a zone's line; the same result for each host of the block, to be moved
  // from when the host is alone in it.
  std::vector<RouteDraft>& read(const HostDraft& host);

 private:
  void read_block(const HostDraft& host, std::vector<RouteDraft>& out);
  const Layer& zone_layer(model::Node zone);
  void route(model::Node node, const Layer& host, const Layer* zone,
             const std::optional<Destination>& fallback, std::vector<RouteDraft>& out);
  const Chain& plain_chain(const Layer* zone);
  std::optional<plan::Field<std::string>> strip(model::Node route, const plan::PathMatch& path);

  Building& b_;
  const Layer& site_;
  std::unordered_map<uint64_t, std::vector<RouteDraft>> blocks_;  // of several hosts
  std::vector<RouteDraft> alone_;
  std::unordered_map<uint64_t, Layer> zones_;
  std::unordered_map<const Layer*, Chain>
      plain_;  // by zone: chains of routes whose blocks say nothing
};

}  // namespace sluice::sema
