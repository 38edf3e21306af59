#include "runtime/table/build.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <unordered_map>

#include "runtime/base/check.h"
#include "runtime/table/chain_flags.h"
#include "runtime/table/cidr_ranges.h"
#include "runtime/table/normalize.h"
#include "runtime/table/string_pool.h"

namespace sluice::table {
namespace {

uint32_t index_of(size_t size) {
  SLUICE_CHECK(size < kNone, "a table's section stays below 2^32 records");
  return static_cast<uint32_t>(size);
}

// Lays `count` keys into slots; the first seed whose longest probe is allowed holds.
template <class HashOf>
uint64_t fill_slots(std::vector<Slot>& slots, const std::vector<uint32_t>& ids, HashOf hash_of) {
  if (ids.empty()) return 0;
  for (uint64_t seed = 0;; ++seed) {
    slots.assign(std::bit_ceil(ids.size() * 2), Slot{0, kNone});
    const size_t mask = slots.size() - 1;
    uint32_t longest = 0;
    for (uint32_t id : ids) {
      const uint64_t hash = hash_of(id, seed);
      size_t at = hash & mask;
      uint32_t probe = 1;
      for (; slots[at].id != kNone; at = (at + 1) & mask) ++probe;
      slots[at] = {static_cast<uint32_t>(hash >> 32), id};
      longest = std::max(longest, probe);
    }
    if (longest < kMaxProbe) return seed;
  }
}

struct Trie {  // a label trie under construction
  std::vector<LabelRecord> nodes;
  std::unordered_map<std::string, uint32_t> by_name;

  uint32_t node(std::string_view name, StringPool& pool) {
    if (nodes.empty()) nodes.push_back({{0, 0}, kNone, kNone, kNone, 0});
    uint32_t at = 0;
    LabelsFromRight labels(name);
    while (labels.more()) {
      const std::string_view label = labels.next();
      const size_t begin = static_cast<size_t>(label.data() - name.data());
      const auto [found, fresh] =
          by_name.try_emplace(std::string(name.substr(begin)), index_of(nodes.size()));
      if (fresh) nodes.push_back({pool.add(label), at, kNone, kNone, 0});
      at = found->second;
    }
    return at;
  }
  void put(HostKind kind, std::string_view name, uint32_t id, StringPool& pool) {
    LabelRecord& record = nodes[node(name, pool)];
    uint32_t& place = kind == HostKind::one_label ? record.one_label : record.any_depth;
    SLUICE_CHECK(place == kNone, "a wildcard stands once in a table");
    place = id;
  }
  uint64_t fill(std::vector<Slot>& slots, const StringPool& pool) const {
    std::vector<uint32_t> ids;
    for (uint32_t id = 1; id < nodes.size(); ++id) ids.push_back(id);
    return fill_slots(slots, ids, [&](uint32_t id, uint64_t seed) {
      return hash_label(nodes[id].parent, pool.view(nodes[id].label), seed);
    });
  }
};

class Builder {
 public:
  explicit Builder(const TableSpec& spec) : spec_(spec) {}

  std::string build() {
    reserve();
    site();
    for (const PolicySpec& policy : spec_.policies) add(policy);
    for (const UpstreamSpec& upstream : spec_.upstreams) add(upstream);
    for (const FrontSpec& front : spec_.fronts) {
      fronts_.push_back({text(front.inner), pool({{front.upstream, 10000}})});
    }
    for (const CertificateSpec& certificate : spec_.certificates) add(certificate);
    for (const HostSpec& host : spec_.hosts) add(host);
    index_hosts();
    index_certificates();
    site_[0] = meta_;
    strings_.assign(pool_.bytes().begin(), pool_.bytes().end());
    return lay_out();
  }

 private:
  void reserve() {
    size_t routes = 0;
    for (const HostSpec& host : spec_.hosts) routes += host.routes.size();
    hosts_.reserve(spec_.hosts.size());
    host_objects_.reserve(spec_.hosts.size());
    routes_.reserve(routes);
    route_objects_.reserve(routes);
    upstreams_.reserve(spec_.upstreams.size());
    pool_of_upstream_.assign(spec_.upstreams.size(), kNone);
    pool_.reserve(2 * spec_.hosts.size() + 2 * spec_.upstreams.size() + routes / 2);
  }

  StringRef text(std::string_view value) { return pool_.add(value); }

  Slice list(const std::vector<std::string>& values) {
    const Slice slice{index_of(lists_.size()), index_of(values.size())};
    for (const std::string& value : values) lists_.push_back(text(value));
    return slice;
  }

  uint32_t cidr_set(const std::vector<std::string>& cidrs) {
    const CidrRanges ranges = merge_cidrs(cidrs);
    std::string key(reinterpret_cast<const char*>(ranges.v4.data()),
                    ranges.v4.size() * sizeof(Range4));
    key.append(reinterpret_cast<const char*>(ranges.v6.data()), ranges.v6.size() * sizeof(Range6));
    key += std::to_string(ranges.v4.size());
    const auto [found, fresh] =
        known_sets_.try_emplace(std::move(key), index_of(cidr_sets_.size()));
    if (fresh) {
      cidr_sets_.push_back({{index_of(ranges4_.size()), index_of(ranges.v4.size())},
                            {index_of(ranges6_.size()), index_of(ranges.v6.size())}});
      ranges4_.insert(ranges4_.end(), ranges.v4.begin(), ranges.v4.end());
      ranges6_.insert(ranges6_.end(), ranges.v6.begin(), ranges.v6.end());
    }
    return found->second;
  }

  void site() {
    meta_.site = text(spec_.site);
    meta_.any_host = kNone;
    meta_.trust = kNone;
    site_.resize(1);
    std::vector<std::string> trust;
    for (const ListenerSpec& listener : spec_.listeners) {
      listeners_.push_back({listener.port, listener.scheme, 0});
      if (listener.scheme == Scheme::https && meta_.https_port == 0)
        meta_.https_port = listener.port;
    }
    for (const EdgeSpec& edge : spec_.edges) {
      edges_.push_back({text(edge.name), cidr_set(edge.trust), edge.tls_ended, edge.is_site, 0});
      trust.insert(trust.end(), edge.trust.begin(), edge.trust.end());
      if (edge.tls_ended) meta_.tls_ended = 1;
    }
    if (!trust.empty()) meta_.trust = cidr_set(trust);
    std::vector<std::string> needs = spec_.needs;
    std::sort(needs.begin(), needs.end());
    needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
    meta_.needs = list(needs);
    for (const GapSpec& gap : spec_.gaps) {
      gaps_.push_back({text(gap.feature), text(gap.host), text(gap.reason)});
    }
  }

  Slice edits(const std::vector<EditSpec>& specs) {
    const Slice slice{index_of(edits_.size()), index_of(specs.size())};
    for (const EditSpec& spec : specs) {
      std::string lower = spec.name;
      for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
      const bool sets = spec.op != EditOp::remove;
      edits_.push_back({text(spec.name),
                        text(lower),
                        sets ? text(spec.value) : StringRef{0, 0},
                        sets ? text(spec.name + ": " + spec.value + "\r\n") : StringRef{0, 0},
                        spec.op,
                        {}});
    }
    return slice;
  }

  void add(const PolicySpec& policy) {
    PolicyRecord record{.object = text(policy.object),
                        .groups = list(policy.groups),
                        .value = kNone,
                        .kind = policy.kind,
                        .reserved = {},
                        .prefix = {0, 0},
                        .request_edits = {0, 0},
                        .response_edits = {0, 0}};
    switch (policy.kind) {
      case PolicyKind::allow_peers:
      case PolicyKind::allow_ips:
      case PolicyKind::deny_ips:
        record.value = cidr_set(policy.cidrs);
        break;
      case PolicyKind::rate_limit: {
        const RateLimitSpec& limit = policy.rate_limit;
        record.value = index_of(rate_limits_.size());
        rate_limits_.push_back(
            {limit.count, limit.period_seconds, limit.burst, limit.by, {}, text(limit.header)});
        break;
      }
      case PolicyKind::basic_auth:
        record.value = index_of(basic_auths_.size());
        basic_auths_.push_back({text(policy.basic_auth.users), text(policy.basic_auth.key),
                                text(policy.basic_auth.realm)});
        break;
      case PolicyKind::header_edits:
        record.request_edits = edits(policy.request);
        record.response_edits = edits(policy.response);
        break;
      case PolicyKind::strip_prefix:
        record.prefix = text(policy.prefix);
        break;
    }
    policies_.push_back(record);
  }

  void add(const UpstreamSpec& upstream) {
    upstreams_.push_back({text(upstream.object),
                          text(upstream.written),
                          text(upstream.service),
                          {index_of(members_.size()), index_of(upstream.members.size())},
                          upstream.protocol,
                          {}});
    for (const MemberSpec& member : upstream.members) {
      members_.push_back({text(member.host), member.weight, member.port, 0});
    }
  }

  void add(const CertificateSpec& spec) {
    certificates_.push_back(
        {text(spec.object), list(spec.names), text(spec.issuer), text(spec.directory),
         text(spec.email), text(spec.provider), text(spec.credentials), text(spec.certificate_file),
         text(spec.key_file), text(spec.secret), spec.from, spec.challenge, spec.shared, 0});
  }

  uint32_t chain(const std::vector<uint32_t>& ids) {
    // Neighbours mostly have the same one: spare them the search.
    if (!chains_.empty() && ids == last_chain_) return last_chain_id_;
    last_chain_ = ids;
    return last_chain_id_ = find_or_add_chain(ids);
  }
  uint32_t find_or_add_chain(const std::vector<uint32_t>& ids) {
    const std::string key(reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(uint32_t));
    const auto [found, fresh] = known_chains_.try_emplace(key, index_of(chains_.size()));
    if (!fresh) return found->second;
    ChainRecord record{};
    record.steps = {index_of(steps_.size()), index_of(ids.size())};
    steps_.insert(steps_.end(), ids.begin(), ids.end());
    std::vector<EditRecord> request, response;
    std::string lines;
    for (size_t at = 0; at < ids.size(); ++at) {
      const uint32_t id = ids[at];
      SLUICE_CHECK(id < policies_.size(), "a chain names policies of its own table");
      const PolicyRecord& policy = policies_[id];
      record.flags |= chain_flags(policy, rate_limits_);
      if (policy.kind == PolicyKind::strip_prefix) record.strip = policy.prefix;
      if (policy.kind == PolicyKind::header_edits || policy.kind == PolicyKind::strip_prefix) {
        append(request, policy.request_edits);
        append(response, policy.response_edits);
      } else {
        SLUICE_CHECK(record.guards == at, "a chain's guards come first");
        ++record.guards;
      }
    }
    for (const EditRecord& edit : response) lines += pool_.view(edit.line);
    record.response_lines = text(lines);
    record.request_edits = keep(request);
    record.response_edits = keep(response);
    chains_.push_back(record);
    return found->second;
  }
  void append(std::vector<EditRecord>& to, Slice from) const {
    to.insert(to.end(), edits_.begin() + from.first, edits_.begin() + from.first + from.count);
  }
  Slice keep(const std::vector<EditRecord>& edits) {
    const Slice slice{index_of(edits_.size()), index_of(edits.size())};
    edits_.insert(edits_.end(), edits.begin(), edits.end());
    return slice;
  }

  uint32_t pool(const std::vector<ShareSpec>& shares) {
    if (shares.size() != 1) return find_or_add_pool(shares);
    SLUICE_CHECK(shares[0].upstream < spec_.upstreams.size(),
                 "a pool names upstreams of its own table");
    uint32_t& known = pool_of_upstream_[shares[0].upstream];
    if (known == kNone) known = find_or_add_pool(shares);
    return known;
  }
  uint32_t find_or_add_pool(const std::vector<ShareSpec>& shares) {
    const std::string key(reinterpret_cast<const char*>(shares.data()),
                          shares.size() * sizeof(ShareSpec));
    const auto [found, fresh] = known_pools_.try_emplace(key, index_of(pools_.size()));
    if (fresh) {
      pools_.push_back({{index_of(shares_.size()), index_of(shares.size())}});
      for (const ShareSpec& share : shares) shares_.push_back({share.upstream, share.weight});
    }
    return found->second;
  }

  uint32_t answer(const RouteSpec& route) {
    switch (route.answer) {
      case AnswerKind::pool:
        if (route.front == kNone) return pool(route.pool);
        SLUICE_CHECK(route.front < fronts_.size(), "a route names a front of its own table");
        return fronts_[route.front].pool;
      case AnswerKind::respond: {
        const RespondRecord record{text(route.respond.body), text(route.respond.media_type),
                                   route.respond.status, 0};
        return unique(responds_, known_responds_, record);
      }
      case AnswerKind::redirect: {
        const RedirectSpec& to = route.redirect;
        const auto flags =
            static_cast<uint8_t>((to.keep_path ? kKeepPath : 0) | (to.keep_rest ? kKeepRest : 0) |
                                 (to.keep_query ? kKeepQuery : 0));
        return unique(redirects_, known_redirects_,
                      RedirectRecord{text(to.location), to.code, to.kind, flags});
      }
    }
    return kNone;
  }
  template <class Record>
  static uint32_t unique(std::vector<Record>& all, std::unordered_map<std::string, uint32_t>& known,
                         const Record& record) {
    const std::string key(reinterpret_cast<const char*>(&record), sizeof(record));
    const auto [found, fresh] = known.try_emplace(key, index_of(all.size()));
    if (fresh) all.push_back(record);
    return found->second;
  }

  void add(const HostSpec& host) {
    HostRecord record{.name = text(host.name),
                      .routes = index_of(routes_.size()),
                      .exact = 0,
                      .regex = 0,
                      .prefix = 0,
                      .certificate = host.certificate,
                      .kind = host.kind,
                      .plain_http = host.plain_http,
                      .reserved = 0};
    order_.clear();
    for (const RouteSpec& route : host.routes) order_.push_back(&route);
    std::sort(order_.begin(), order_.end(), [](const RouteSpec* a, const RouteSpec* b) {
      if (a->path_kind != b->path_kind) return a->path_kind < b->path_kind;
      if (a->path_kind == PathKind::regex) return a < b;  // as the host writes them
      return path_order(a->path, b->path) < 0;
    });
    above_.clear();
    const RouteSpec* previous = nullptr;
    for (const RouteSpec* route : order_) {
      if (previous != nullptr && route->path_kind != PathKind::regex &&
          previous->path_kind == route->path_kind) {
        SLUICE_CHECK(previous->path != route->path, "a path stands once in a host");
      }
      previous = route;
      ++(route->path_kind == PathKind::exact   ? record.exact
         : route->path_kind == PathKind::regex ? record.regex
                                               : record.prefix);
      add(*route, index_of(hosts_.size()));
    }
    host_objects_.push_back(text(host.object));
    hosts_.push_back(record);
  }
  void add(const RouteSpec& route, uint32_t host) {
    const uint32_t id = index_of(routes_.size());
    RouteRecord record{.path = text(route.path),
                       .above = kNone,
                       .chain = chain(route.chain),
                       .answer = answer(route),
                       .front = route.front,
                       .path_kind = route.path_kind,
                       .answer_kind = route.answer,
                       .reserved = 0,
                       .host = host};
    if (route.path_kind == PathKind::regex) {
      const auto [found, fresh] = known_regexes_.try_emplace(route.path, index_of(regexes_.size()));
      if (fresh) regexes_.push_back(record.path);
      record.above = found->second;
    } else if (route.path_kind == PathKind::prefix) {
      while (!above_.empty() && !has_prefix(route.path, pool_.view(routes_[above_.back()].path)))
        above_.pop_back();
      if (!above_.empty()) record.above = above_.back();
      above_.push_back(id);
    }
    routes_.push_back(record);
    route_objects_.push_back(text(route.object));
  }

  void index_hosts() {
    std::vector<uint32_t> exact;
    Trie trie;
    for (uint32_t id = 0; id < hosts_.size(); ++id) {
      switch (hosts_[id].kind) {
        case HostKind::exact:
          exact.push_back(id);
          break;
        case HostKind::any:
          SLUICE_CHECK(meta_.any_host == kNone, "the host `*` stands once in a table");
          meta_.any_host = id;
          break;
        default:
          trie.put(hosts_[id].kind, spec_.hosts[id].name, id, pool_);
      }
    }
    meta_.host_seed = fill_slots(host_slots_, exact, [&](uint32_t id, uint64_t seed) {
      return hash_name(spec_.hosts[id].name, seed);
    });
    meta_.host_label_seed = trie.fill(host_label_slots_, pool_);
    host_labels_ = std::move(trie.nodes);
  }

  // Names that a certificate covers beyond those of the hosts that already lead to it; the first
  // certificate of a name holds.
  void index_certificates() {
    std::unordered_map<std::string, uint32_t> led;  // "a.x", "*.x" -> certificate
    for (const HostSpec& host : spec_.hosts) {
      if (host.certificate == kNone) continue;
      SLUICE_CHECK(host.certificate < spec_.certificates.size(),
                   "a host names a certificate of its own table");
      if (host.kind == HostKind::exact) led.emplace(host.name, host.certificate);
      if (host.kind == HostKind::one_label) led.emplace("*." + host.name, host.certificate);
    }
    std::vector<uint32_t> exact;
    Trie trie;
    for (uint32_t id = 0; id < spec_.certificates.size(); ++id) {
      for (const std::string& written : spec_.certificates[id].names) {
        if (!led.emplace(written, id).second) continue;
        const bool wildcard = written.starts_with("*.");
        const std::string name = wildcard ? written.substr(2) : written;
        const uint32_t record = index_of(certificate_names_.size());
        certificate_names_.push_back(
            {text(name), id, wildcard ? HostKind::one_label : HostKind::exact, {}});
        if (wildcard) {
          trie.put(HostKind::one_label, name, record, pool_);
        } else {
          exact.push_back(record);
        }
      }
    }
    meta_.certificate_seed = fill_slots(certificate_slots_, exact, [&](uint32_t id, uint64_t seed) {
      return hash_name(pool_.view(certificate_names_[id].name), seed);
    });
    meta_.certificate_label_seed = trie.fill(certificate_label_slots_, pool_);
    certificate_labels_ = std::move(trie.nodes);
  }

  template <class Records>
  static void place(SectionEntry& entry, uint64_t& end, const Records& records) {
    using Record = typename Records::value_type;
    entry.offset = (end + kAlign - 1) / kAlign * kAlign;
    entry.count = records.size();
    end = entry.offset + records.size() * sizeof(Record);
  }
  template <class Records>
  static void copy(std::string& bytes, const SectionEntry& entry, const Records& records) {
    using Record = typename Records::value_type;
    if (!records.empty())
      std::memcpy(bytes.data() + entry.offset, records.data(), records.size() * sizeof(Record));
  }

  std::string lay_out() const {
    SectionEntry entries[kSectionCount] = {};
    uint64_t end = sizeof(Header) + sizeof(entries);
    size_t next = 0;
#define SLUICE_SECTION(id, record) place(entries[next++], end, id##_);
    SLUICE_TABLE_SECTIONS(SLUICE_SECTION)
#undef SLUICE_SECTION
    std::string bytes(end, '\0');
    next = 0;
#define SLUICE_SECTION(id, record) copy(bytes, entries[next++], id##_);
    SLUICE_TABLE_SECTIONS(SLUICE_SECTION)
#undef SLUICE_SECTION
    std::memcpy(bytes.data() + sizeof(Header), entries, sizeof(entries));
    Header header{};
    std::memcpy(header.magic, kMagic, sizeof(kMagic));
    header.endian = kEndianMark;
    header.version = kVersion;
    header.length = end;
    header.sections = kSectionCount;
    std::memcpy(bytes.data(), &header, sizeof(header));
    const XXH128_hash_t digest = XXH3_128bits(bytes.data() + kDigested, bytes.size() - kDigested);
    header.digest[0] = digest.low64;
    header.digest[1] = digest.high64;
    std::memcpy(bytes.data(), &header, sizeof(header));
    return bytes;
  }

  const TableSpec& spec_;
  StringPool pool_;
  Meta meta_{};
#define SLUICE_SECTION(id, record) std::vector<record> id##_;
  SLUICE_TABLE_SECTIONS(SLUICE_SECTION)
#undef SLUICE_SECTION
  std::unordered_map<std::string, uint32_t> known_sets_, known_chains_, known_pools_,
      known_responds_, known_redirects_, known_regexes_;
  std::vector<uint32_t> last_chain_;
  uint32_t last_chain_id_ = kNone;
  std::vector<uint32_t> pool_of_upstream_;  // the pool that is this one alone
  std::vector<const RouteSpec*> order_;     // scratch of add(HostSpec)
  std::vector<uint32_t> above_;
};

}  // namespace

std::string build(const TableSpec& spec) { return Builder(spec).build(); }

}  // namespace sluice::table
