// Reads like the format, section by section. Each `check_…` returns nothing and notes the first
// fault; `at` names the record for the message. Order matters only where a check reads records of
// another section: texts and slices are checked for range before anything is read through them.
#include "runtime/table/verify.h"

#include <array>
#include <bit>

#include "runtime/table/chain_flags.h"
#include "runtime/table/name_index.h"
#include "runtime/table/normalize.h"

namespace sluice::table {
namespace {

constexpr uint32_t kMaxRegex = 4096;
constexpr uint32_t kMaxText = 1u << 30;

class Verifier {
 public:
  explicit Verifier(const Table& table) : t_(table), budget_(64 * file_size(table) + (1u << 20)) {}

  std::string run() {
    if (t_.site().size() != 1) return "there is not exactly one site record";
    each("lists", t_.lists(), [&](const StringRef& ref, uint32_t) { text(ref); });
    site();
    each("listeners", t_.listeners(), [&](const ListenerRecord& r, uint32_t) {
      need(r.port != 0 && r.scheme <= Scheme::https && r.reserved == 0, "a field is out of range");
    });
    addresses();
    policies();
    answers();
    certificates();
    each("regexes", t_.regexes(), [&](const StringRef& ref, uint32_t) {
      raw(ref);
      need(ref.length > 0 && ref.length <= kMaxRegex, "the pattern is empty or too long");
    });
    each("gaps", t_.gaps(),
         [&](const GapRecord& r, uint32_t) { text(r.feature), text(r.host), text(r.reason); });
    if (fault_.empty()) chains();
    if (fault_.empty()) hosts();
    if (fault_.empty()) host_index();
    if (fault_.empty()) certificate_index();
    return std::move(fault_);
  }

 private:
  static uint64_t file_size(const Table& table) {
    uint64_t size = 0;
#define SLUICE_SECTION(id, record) size += table.id().size() * sizeof(record);
    SLUICE_TABLE_SECTIONS(SLUICE_SECTION)
#undef SLUICE_SECTION
    return size;
  }

  template <class Record, class Check>
  void each(const char* section, std::span<const Record> records, Check check) {
    if (!fault_.empty()) return;
    section_ = section;
    for (uint32_t i = 0; i < records.size() && fault_.empty(); ++i) {
      index_ = i;
      check(records[i], i);
    }
  }
  void need(bool holds, const char* what) {
    if (holds || !fault_.empty()) return;
    fault_ = std::string(section_) + "[" + std::to_string(index_) + "]: " + what;
  }

  // ---- texts and slices
  bool raw(StringRef ref) {
    const uint64_t size = t_.strings().size();
    const bool holds = ref.length <= kMaxText && uint64_t{ref.offset} + ref.length <= size;
    need(holds, "a text lies outside the strings");
    work_ += ref.length;
    need(work_ <= budget_, "its texts overlap without end");
    return holds && work_ <= budget_;
  }
  bool text(StringRef ref) {  // no control bytes: it will stand in logs, dumps and headers
    if (!raw(ref)) return false;
    for (char c : t_.text(ref)) {
      if (static_cast<uint8_t>(c) < 0x20 || c == 0x7f) {
        need(false, "a text holds a control byte");
        return false;
      }
    }
    return true;
  }
  bool token(StringRef ref) {  // RFC 9110 section 5.6.2
    if (!raw(ref)) return false;
    bool holds = ref.length > 0;
    for (char c : t_.text(ref)) {
      const bool letter =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      holds = holds && (letter || (c != 0 && std::string_view("!#$%&'*+-.^_`|~").find(c) !=
                                                 std::string_view::npos));
    }
    need(holds, "a header name is no token");
    return holds;
  }
  // One that begins where the one before it ended, so that walking all of them stays linear.
  bool next_slice(Slice s, uint64_t& next, size_t size) {
    need(s.first == next, "a slice does not follow the one before");
    next += s.count;
    return s.first + uint64_t{s.count} == next && slice(s, size);
  }
  bool slice(Slice s, size_t size) {
    const bool holds = uint64_t{s.first} + s.count <= size;
    need(holds, "a slice reaches beyond its section");
    return holds;
  }
  bool index(uint32_t i, size_t size, bool optional = false) {
    const bool holds = i < size || (optional && i == kNone);
    need(holds, "an index is out of range");
    return holds;
  }
  template <size_t N>
  void zero(const uint8_t (&bytes)[N]) {
    for (uint8_t b : bytes) need(b == 0, "a reserved byte is set");
  }

  // ---- sections
  void site() {
    each("site", t_.site(), [&](const Meta& m, uint32_t) {
      text(m.site);
      index(m.any_host, t_.hosts().size(), true);
      index(m.trust, t_.cidr_sets().size(), true);
      slice(m.needs, t_.lists().size());
      need(m.https_port <= 0xffff && m.tls_ended <= 1, "a field is out of range");
    });
  }

  void addresses() {
    each("edges", t_.edges(), [&](const EdgeRecord& r, uint32_t) {
      text(r.name);
      index(r.trust, t_.cidr_sets().size());
      need(r.tls_ended <= 1 && r.is_site <= 1 && r.reserved == 0, "a field is out of range");
    });
    each("cidr_sets", t_.cidr_sets(), [&](const CidrSetRecord& r, uint32_t) {
      if (next_slice(r.v4, next_range4_, t_.ranges4().size()))
        ascending4(t_.ranges4().subspan(r.v4.first, r.v4.count));
      if (next_slice(r.v6, next_range6_, t_.ranges6().size()))
        ascending6(t_.ranges6().subspan(r.v6.first, r.v6.count));
    });
  }
  void ascending4(std::span<const Range4> ranges) {
    for (size_t i = 0; i < ranges.size() && fault_.empty(); ++i) {
      need(ranges[i].first <= ranges[i].last, "a range ends before it begins");
      need(i == 0 || uint64_t{ranges[i - 1].last} + 1 < ranges[i].first,
           "ranges are not ascending and apart");
    }
  }
  void ascending6(std::span<const Range6> ranges) {
    auto below = [](uint64_t ah, uint64_t al, uint64_t bh, uint64_t bl) {
      return ah != bh ? ah < bh : al < bl;
    };
    for (size_t i = 0; i < ranges.size() && fault_.empty(); ++i) {
      const Range6& r = ranges[i];
      need(!below(r.last_high, r.last_low, r.first_high, r.first_low),
           "a range ends before it begins");
      need(i == 0 ||
               below(ranges[i - 1].last_high, ranges[i - 1].last_low, r.first_high, r.first_low),
           "ranges are not ascending");
    }
  }

  void policies() {
    each("rate_limits", t_.rate_limits(), [&](const RateLimitRecord& r, uint32_t) {
      need(r.count > 0 && r.period_seconds > 0 && r.period_seconds <= 86400 && r.burst > 0,
           "a field is out of range");
      need(r.by <= LimitBy::everyone, "an unknown key");
      if (r.by == LimitBy::header) token(r.header);
      text(r.header);
      zero(r.reserved);
    });
    each("basic_auths", t_.basic_auths(), [&](const BasicAuthRecord& r, uint32_t) {
      text(r.users), text(r.key), text(r.realm);
      need(r.users.length > 0, "a password file has no name");
    });
    each("edits", t_.edits(), [&](const EditRecord& r, uint32_t) { edit(r); });
    each("policies", t_.policies(), [&](const PolicyRecord& r, uint32_t) {
      text(r.object), text(r.prefix), zero(r.reserved);
      slice(r.groups, t_.lists().size());
      slice(r.request_edits, t_.edits().size());
      slice(r.response_edits, t_.edits().size());
      switch (r.kind) {
        case PolicyKind::allow_peers:
        case PolicyKind::allow_ips:
        case PolicyKind::deny_ips:
          index(r.value, t_.cidr_sets().size());
          break;
        case PolicyKind::rate_limit:
          index(r.value, t_.rate_limits().size());
          break;
        case PolicyKind::basic_auth:
          index(r.value, t_.basic_auths().size());
          break;
        case PolicyKind::header_edits:
          need(r.value == kNone, "an unused field is set");
          break;
        case PolicyKind::strip_prefix:
          need(r.value == kNone, "an unused field is set");
          prefix_text(r.prefix);
          break;
        default:
          need(false, "an unknown kind");
      }
    });
  }
  void edit(const EditRecord& r) {
    zero(r.reserved);
    need(r.op <= EditOp::remove, "an unknown operation");
    if (!token(r.name) || !raw(r.lower) || !raw(r.line) || !header_value(r.value)) return;
    const std::string_view name = t_.text(r.name), lower = t_.text(r.lower), line = t_.text(r.line);
    bool same = lower.size() == name.size();
    for (size_t i = 0; same && i < name.size(); ++i) {
      same = lower[i] ==
             (name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] | 0x20) : name[i]);
    }
    need(same, "the lower-case name is another one");
    if (r.op == EditOp::remove) {
      need(r.value.length == 0 && r.line.length == 0, "a removal has a value");
      return;
    }
    const std::string_view value = t_.text(r.value);
    need(line.size() == name.size() + value.size() + 4 && line.starts_with(name) &&
             line.substr(name.size(), 2) == ": " &&
             line.substr(name.size() + 2, value.size()) == value && line.ends_with("\r\n"),
         "the prepared line says something else");
  }
  bool header_value(StringRef ref) {
    if (!raw(ref)) return false;
    bool holds = true;
    for (char c : t_.text(ref))
      holds = holds && (c == '\t' || (static_cast<uint8_t>(c) >= 0x20 && c != 0x7f));
    need(holds, "a header value holds a control byte");
    return holds;
  }
  void prefix_text(StringRef ref) {
    if (!raw(ref)) return;
    normal_path(ref);
    const std::string_view path = t_.text(ref);
    need(path.size() == 1 || (!path.empty() && path.back() != '/'), "a prefix ends in '/'");
  }
  void normal_path(StringRef ref) {
    if (!raw(ref)) return;
    const std::string_view path = t_.text(ref);
    const NormalPath normal =
        normalize_path(path, {});  // without a buffer only what is normal passes
    need(normal.fault == PathFault::none && normal.path == path &&
             path.find('?') == std::string_view::npos,
         "a path is not in normal form");
  }

  void answers() {
    each("members", t_.members(), [&](const MemberRecord& r, uint32_t) {
      if (!text(r.host)) return;
      const std::string_view host = t_.text(r.host);
      need(!host.empty() && r.reserved == 0, "a field is out of range");
      need(r.port != 0 || host.starts_with('/'), "a member without a port is no path");
    });
    each("upstreams", t_.upstreams(), [&](const UpstreamRecord& r, uint32_t) {
      text(r.object), text(r.written), text(r.service), zero(r.reserved);
      need(r.protocol <= Protocol::https, "an unknown protocol");
      if (!next_slice(r.members, next_member_, t_.members().size())) return;
      need(r.members.count > 0, "an upstream has no member");
      uint64_t sum = 0;
      for (const MemberRecord& member : t_.members(r)) sum += member.weight;
      need(sum > 0 && sum <= 0xffffffff, "the members' weights are out of range");
    });
    each("shares", t_.shares(),
         [&](const ShareRecord& r, uint32_t) { index(r.upstream, t_.upstreams().size()); });
    each("pools", t_.pools(), [&](const PoolRecord& r, uint32_t) {
      if (!next_slice(r.shares, next_share_, t_.shares().size())) return;
      uint64_t sum = 0;
      for (const ShareRecord& share : t_.shares(r)) sum += share.weight;
      need(sum == 10000, "a pool's shares do not sum to 10000");
    });
    each("fronts", t_.fronts(), [&](const FrontRecord& r, uint32_t) {
      text(r.inner);
      index(r.pool, t_.pools().size());
    });
    each("responds", t_.responds(), [&](const RespondRecord& r, uint32_t) {
      raw(r.body), text(r.media_type);
      need(r.status >= 200 && r.status <= 599 && r.reserved == 0, "a field is out of range");
    });
    each("redirects", t_.redirects(), [&](const RedirectRecord& r, uint32_t) {
      text(r.location);
      const bool known =
          r.code == 301 || r.code == 302 || r.code == 303 || r.code == 307 || r.code == 308;
      need(r.kind <= RedirectKind::exact && (r.kind == RedirectKind::exact ? known : r.code == 0) &&
               r.flags <= (kKeepPath | kKeepRest | kKeepQuery),
           "a field is out of range");
    });
  }

  void certificates() {
    each("certificates", t_.certificates(), [&](const CertificateRecord& r, uint32_t) {
      for (const StringRef& ref : {r.object, r.issuer, r.directory, r.email, r.provider,
                                   r.credentials, r.certificate_file, r.key_file, r.secret}) {
        text(ref);
      }
      slice(r.names, t_.lists().size());
      need(r.from <= CertificateFrom::other && r.challenge <= ChallengeKind::dns01 &&
               r.shared <= 1 && r.reserved == 0,
           "a field is out of range");
    });
  }

  void chains() {
    each("chains", t_.chains(), [&](const ChainRecord& r, uint32_t) { chain(r); });
  }
  void chain(const ChainRecord& r) {
    header_lines(r.response_lines);
    if (!next_slice(r.steps, next_step_, t_.steps().size()) ||
        !slice(r.request_edits, t_.edits().size()) || !slice(r.response_edits, t_.edits().size()) ||
        !raw(r.strip)) {
      return;
    }
    uint32_t flags = 0, guards = 0, at = 0;
    uint64_t request = 0, response = 0;
    StringRef strip{0, 0};
    for (uint32_t id : t_.steps(r)) {
      if (!index(id, t_.policies().size())) return;
      const PolicyRecord& policy = t_.policies()[id];
      const bool is_guard = policy.kind < PolicyKind::header_edits;
      if (is_guard) {
        need(guards == at, "a guard stands behind an edit");
        ++guards;
      }
      ++at;
      flags |= chain_flags(policy, t_.rate_limits());
      if (policy.kind == PolicyKind::strip_prefix) strip = policy.prefix;
      request += policy.request_edits.count;
      response += policy.response_edits.count;
    }
    need(r.flags == flags && r.guards == guards, "its summary does not fit its steps");
    need(strip.offset == r.strip.offset && strip.length == r.strip.length,
         "its prefix is not that of its steps");
    need(request == r.request_edits.count && response == r.response_edits.count,
         "its edits are not those of its steps");
  }
  void header_lines(StringRef ref) {
    if (!raw(ref)) return;
    std::string_view rest = t_.text(ref);
    while (!rest.empty()) {
      const size_t end = rest.find("\r\n");
      const std::string_view line = rest.substr(0, end);
      bool holds = end != std::string_view::npos && line.find(": ") != std::string_view::npos &&
                   line[0] != ':';
      for (char c : line)
        holds = holds && (c == '\t' || (static_cast<uint8_t>(c) >= 0x20 && c != 0x7f));
      need(holds, "the prepared lines are malformed");
      if (!holds) return;
      rest.remove_prefix(end + 2);
    }
  }

  void hosts() {
    uint64_t next = 0;
    std::array<char, 256> buffer;
    need_size("host_objects", t_.host_objects().size() == t_.hosts().size());
    need_size("route_objects", t_.route_objects().size() == t_.routes().size());
    each("host_objects", t_.host_objects(), [&](const StringRef& ref, uint32_t) { text(ref); });
    each("route_objects", t_.route_objects(), [&](const StringRef& ref, uint32_t) { text(ref); });
    each("hosts", t_.hosts(), [&](const HostRecord& r, uint32_t id) {
      need(r.kind <= HostKind::any && r.plain_http <= PlainHttp::refuse && r.reserved == 0,
           "a field is out of range");
      index(r.certificate, t_.certificates().size(), true);
      need(r.routes == next, "its routes do not follow those of the host before");
      next += uint64_t{r.exact} + r.regex + r.prefix;
      need(next <= t_.routes().size(), "its routes reach beyond their section");
      if (!text(r.name)) return;
      const std::string_view name = t_.text(r.name);
      if (r.kind == HostKind::any) {
        need(name.empty() && t_.meta().any_host == id, "the host `*` is not the site's");
      } else {
        const NormalHost normal = normalize_host(name, buffer);
        need(
            normal.fault == HostFault::none && normal.host == name && name.size() <= kMaxHostLength,
            "the name is not in normal form");
      }
      if (fault_.empty()) routes(r, id);
    });
    need_size("routes", next == t_.routes().size());
    if (fault_.empty() && t_.meta().any_host != kNone &&
        t_.hosts()[t_.meta().any_host].kind != HostKind::any) {
      fault_ = "site[0]: the host `*` is another one";
    }
  }
  void need_size(const char* section, bool holds) {
    if (!holds && fault_.empty())
      fault_ = std::string(section) + ": the count does not fit the others";
  }
  void routes(const HostRecord& host, uint32_t host_id) {
    const std::span<const RouteRecord> all = t_.routes(host);
    std::vector<uint32_t>& above = above_;
    above.clear();
    for (uint32_t i = 0; i < all.size() && fault_.empty(); ++i) {
      const RouteRecord& r = all[i];
      const PathKind kind = i < host.exact                ? PathKind::exact
                            : i < host.exact + host.regex ? PathKind::regex
                                                          : PathKind::prefix;
      need(r.host == host_id && r.path_kind == kind && r.reserved == 0,
           "a route is not where it belongs");
      answer(r);
      index(r.chain, t_.chains().size());
      if (!raw(r.path) || !fault_.empty()) return;
      if (kind == PathKind::regex) {
        if (!index(r.above, t_.regexes().size())) return;
        need(t_.text(t_.regexes()[r.above]) == t_.text(r.path), "a regex is not its route's");
        continue;
      }
      if (kind == PathKind::exact)
        normal_path(r.path);
      else
        prefix_text(r.path);
      if (!fault_.empty()) return;
      const bool first = i == 0 || all[i - 1].path_kind != kind;
      need(first || path_order(t_.text(all[i - 1].path), t_.text(r.path)) < 0,
           "routes are not in order");
      uint32_t expected = kNone;
      if (kind == PathKind::prefix) {
        while (!above.empty() &&
               !has_prefix(t_.text(r.path), t_.text(t_.routes()[above.back()].path)))
          above.pop_back();
        if (!above.empty()) expected = above.back();
        above.push_back(host.routes + i);
      }
      need(r.above == expected, "a route does not name the prefix above it");
    }
  }
  void answer(const RouteRecord& r) {
    index(r.front, t_.fronts().size(), true);
    switch (r.answer_kind) {
      case AnswerKind::pool:
        index(r.answer, t_.pools().size());
        break;
      case AnswerKind::respond:
        index(r.answer, t_.responds().size());
        break;
      case AnswerKind::redirect:
        index(r.answer, t_.redirects().size());
        break;
      default:
        need(false, "an unknown answer");
    }
    need(r.front == kNone || r.answer_kind == AnswerKind::pool, "a front's answer is no pool");
  }

  // ---- finding names: what is there is found, and nothing else is in the slots
  uint64_t used_slots(const char* section, std::span<const Slot> slots, size_t ids) {
    need_size(section, slots.empty() || std::has_single_bit(slots.size()));
    uint64_t used = 0;
    each(section, slots, [&](const Slot& slot, uint32_t) {
      if (slot.id == kNone) {
        need(slot.tag == 0, "an empty slot has a tag");
        return;
      }
      ++used;
      index(slot.id, ids);
    });
    need_size(section, used * 2 <= slots.size());
    return used;
  }

  // `who(id)` gives a record's name and kind, for hosts or certificate names.
  template <class Who>
  void name_index(const char* records, const char* section, std::span<const Slot> slots,
                  uint64_t seed, const TrieView& trie, const char* trie_section,
                  const char* trie_slots, uint32_t ids, Who who) {
    const uint64_t used = used_slots(section, slots, ids);
    const uint64_t edges = used_slots(trie_slots, trie.slots, trie.nodes.size());
    need_size(trie_slots, edges == (trie.nodes.empty() ? 0 : trie.nodes.size() - 1));
    uint64_t wildcards_in_trie = 0;
    each(trie_section, trie.nodes, [&](const LabelRecord& r, uint32_t id) {
      need(r.reserved == 0, "a reserved byte is set");
      index(r.one_label, ids, true);
      index(r.any_depth, ids, true);
      wildcards_in_trie += (r.one_label != kNone) + (r.any_depth != kNone);
      if (!text(r.label)) return;
      if (id == 0) {
        need(r.parent == kNone && r.label.length == 0, "the root is no root");
      } else {
        need(r.parent < id && r.label.length > 0, "a node stands before its parent");
      }
    });
    if (!fault_.empty()) return;
    each(trie_section, trie.nodes, [&](const LabelRecord& r, uint32_t id) {
      if (id != 0) need(trie.child(r.parent, t_.text(r.label)) == id, "a node cannot be found");
    });
    uint64_t exact = 0, wildcards = 0;
    section_ = records;
    for (uint32_t id = 0; id < ids && fault_.empty(); ++id) {
      index_ = id;
      const auto [name, kind] = who(id);
      if (kind == HostKind::exact) {
        ++exact;
        const uint32_t found =
            find_slot(slots, hash_name(name, seed), [&, wanted = name](uint32_t other) {
              const auto [other_name, other_kind] = who(other);
              return other_kind == HostKind::exact && other_name == wanted;
            });
        need(found == id, "a name cannot be found, or stands twice");
      } else if (kind != HostKind::any) {
        ++wildcards;
        const uint32_t node = trie.nodes.empty() ? kNone : trie.node_of(name);
        need(node != kNone && (kind == HostKind::one_label ? trie.nodes[node].one_label
                                                           : trie.nodes[node].any_depth) == id,
             "a wildcard cannot be found, or stands twice");
      }
    }
    need_size(section, exact == used);
    need_size(trie_section, wildcards == wildcards_in_trie);
  }

  void host_index() {
    const Meta& m = t_.meta();
    name_index(
        "hosts", "host_slots", t_.host_slots(), m.host_seed,
        {t_.host_labels(), t_.host_label_slots(), t_.strings().data(), m.host_label_seed},
        "host_labels", "host_label_slots", static_cast<uint32_t>(t_.hosts().size()),
        [&](uint32_t id) { return std::pair(t_.text(t_.hosts()[id].name), t_.hosts()[id].kind); });
  }
  void certificate_index() {
    const Meta& m = t_.meta();
    std::array<char, 256> buffer;
    each("certificate_names", t_.certificate_names(), [&](const CertificateName& r, uint32_t) {
      zero(r.reserved);
      index(r.certificate, t_.certificates().size());
      need(r.kind <= HostKind::one_label, "an unknown kind");
      if (!text(r.name)) return;
      const NormalHost normal = normalize_host(t_.text(r.name), buffer);
      need(normal.fault == HostFault::none && normal.host == t_.text(r.name),
           "the name is not in normal form");
    });
    if (!fault_.empty()) return;
    name_index("certificate_names", "certificate_slots", t_.certificate_slots(), m.certificate_seed,
               {t_.certificate_labels(), t_.certificate_label_slots(), t_.strings().data(),
                m.certificate_label_seed},
               "certificate_labels", "certificate_label_slots",
               static_cast<uint32_t>(t_.certificate_names().size()), [&](uint32_t id) {
                 return std::pair(t_.text(t_.certificate_names()[id].name),
                                  t_.certificate_names()[id].kind);
               });
  }

  const Table& t_;
  const char* section_ = "";
  uint32_t index_ = 0;
  std::string fault_;
  uint64_t next_range4_ = 0, next_range6_ = 0, next_step_ = 0, next_share_ = 0, next_member_ = 0;
  // Texts may be shared, but a small file cannot make the check read without end.
  const uint64_t budget_;
  uint64_t work_ = 0;
  std::vector<uint32_t> above_;  // scratch of routes()
};

}  // namespace

std::string verify(const Table& table) { return Verifier(table).run(); }

}  // namespace sluice::table
