#include "runtime/table/dump.h"

#include "runtime/table/cidr_ranges.h"

namespace sluice::table {
namespace {

std::string quoted(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (c == '"' || c == '\\') {
      out += '\\', out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x", out += kHex[byte >> 4], out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string percent(uint32_t basis_points) {
  std::string out = std::to_string(basis_points / 100);
  if (const uint32_t rest = basis_points % 100; rest != 0) {
    out += '.', out += static_cast<char>('0' + rest / 10),
        out += static_cast<char>('0' + rest % 10);
  }
  return out + '%';
}

class Dump {
 public:
  explicit Dump(const Table& table) : t_(table) {}

  std::string run() {
    line("table version ", kVersion);
    line("site ", text(t_.meta().site));
    for (const ListenerRecord& r : t_.listeners()) line("listen ", scheme(r.scheme), " ", r.port);
    for (const EdgeRecord& r : t_.edges()) {
      line("edge ", text(r.name), r.is_site ? " site" : "", r.tls_ended ? " tls_ended" : "",
           " trust ", cidrs(r.trust));
    }
    for (const StringRef& ref : t_.list(t_.meta().needs)) line("need ", text(ref));
    for (const GapRecord& r : t_.gaps()) {
      line("gap ", text(r.feature), r.host.length > 0 ? " on " : "", text(r.host), " ",
           quoted(text(r.reason)));
    }
    for (const CertificateRecord& r : t_.certificates()) certificate(r);
    for (const UpstreamRecord& r : t_.upstreams()) upstream(r);
    for (const FrontRecord& r : t_.fronts()) line("front ", text(r.inner), " -> ", pool(r.pool));
    for (const PolicyRecord& r : t_.policies()) policy(r);
    for (const HostRecord& r : t_.hosts()) host(r);
    return std::move(out_);
  }

 private:
  template <class... Parts>
  void line(const Parts&... parts) {
    (put(parts), ...);
    out_ += '\n';
  }
  void put(std::string_view part) { out_ += part; }
  void put(uint32_t number) { out_ += std::to_string(number); }

  std::string_view text(StringRef ref) const { return t_.text(ref); }
  static std::string_view scheme(Scheme scheme) {
    return scheme == Scheme::https ? "https" : "http";
  }
  std::string cidrs(uint32_t set) const {
    const CidrSetRecord& r = t_.cidr_sets()[set];
    std::string out;
    for (const std::string& cidr : to_cidrs(t_.ranges4().subspan(r.v4.first, r.v4.count),
                                            t_.ranges6().subspan(r.v6.first, r.v6.count))) {
      if (!out.empty()) out += ", ";
      out += cidr;
    }
    return out.empty() ? "nobody" : out;
  }
  std::string list(Slice slice) const {
    std::string out;
    for (const StringRef& ref : t_.list(slice)) {
      if (!out.empty()) out += ", ";
      out += text(ref);
    }
    return out;
  }
  std::string named(std::string_view word, StringRef ref) const {
    if (ref.length == 0) return {};
    return std::string(" ").append(word).append(" ").append(text(ref));
  }

  void certificate(const CertificateRecord& r) {
    static constexpr std::string_view kFrom[] = {"acme", "internal_ca", "files", "secret", "other"};
    static constexpr std::string_view kChallenge[] = {"http-01", "tls-alpn-01", "dns-01"};
    line("certificate ", text(r.object), r.shared ? " shared" : "", " from ",
         kFrom[static_cast<size_t>(r.from)], named("issuer", r.issuer),
         named("directory", r.directory), named("email", r.email),
         r.from == CertificateFrom::acme ? " challenge " : "",
         r.from == CertificateFrom::acme ? kChallenge[static_cast<size_t>(r.challenge)] : "",
         named("provider", r.provider), named("credentials", r.credentials),
         named("certificate", r.certificate_file), named("key", r.key_file),
         named("secret", r.secret), " names ", list(r.names));
  }
  void upstream(const UpstreamRecord& r) {
    std::string members;
    for (const MemberRecord& m : t_.members(r)) {
      if (!members.empty()) members += ", ";
      const std::string_view host = text(m.host);
      const bool v6 = host.find(':') != std::string_view::npos && m.port != 0;
      members.append(v6 ? "[" : "").append(host).append(v6 ? "]" : "");
      if (m.port != 0) members.append(":").append(std::to_string(m.port));
      if (m.weight != 1) members.append(" weight ").append(std::to_string(m.weight));
    }
    line("upstream ", text(r.object), r.protocol == Protocol::https ? " https" : " http",
         named("written", r.written), named("service", r.service), " at ", members);
  }
  void policy(const PolicyRecord& r) {
    put("policy "), put(text(r.object));
    switch (r.kind) {
      case PolicyKind::allow_peers:
        put(" allow_peers "), put(cidrs(r.value));
        break;
      case PolicyKind::allow_ips:
        put(" allow_ips "), put(cidrs(r.value));
        break;
      case PolicyKind::deny_ips:
        put(" deny_ips "), put(cidrs(r.value));
        break;
      case PolicyKind::rate_limit:
        rate_limit(t_.rate_limits()[r.value]);
        break;
      case PolicyKind::basic_auth: {
        const BasicAuthRecord& auth = t_.basic_auths()[r.value];
        put(" basic_auth users "), put(text(auth.users)), put(named("key", auth.key));
        put(" realm "), put(quoted(text(auth.realm)));
        break;
      }
      case PolicyKind::header_edits:
        put(" headers");
        break;
      case PolicyKind::strip_prefix:
        put(" strip_prefix "), put(text(r.prefix));
        break;
    }
    if (r.groups.count > 0) put(" in "), put(list(r.groups));
    out_ += '\n';
    for (const EditRecord& edit : t_.edits(r.request_edits)) edited("  request ", edit);
    for (const EditRecord& edit : t_.edits(r.response_edits)) edited("  response ", edit);
  }
  void rate_limit(const RateLimitRecord& r) {
    static constexpr std::string_view kBy[] = {"client_ip", "header", "host", "everyone"};
    put(" rate_limit "), put(r.count), put(" in "), put(r.period_seconds), put("s burst "),
        put(r.burst);
    put(" by "), put(kBy[static_cast<size_t>(r.by)]), put(r.header.length > 0 ? " " : ""),
        put(text(r.header));
  }
  void edited(std::string_view what, const EditRecord& edit) {
    static constexpr std::string_view kOps[] = {"set ", "add ", "remove "};
    line(what, kOps[static_cast<size_t>(edit.op)], text(edit.name),
         edit.op == EditOp::remove ? "" : " ",
         edit.op == EditOp::remove ? std::string() : quoted(text(edit.value)));
  }

  std::string pool(uint32_t id) const {
    std::string out;
    const std::span<const ShareRecord> shares = t_.shares(t_.pools()[id]);
    for (const ShareRecord& share : shares) {
      if (!out.empty()) out += ", ";
      out += text(t_.upstreams()[share.upstream].object);
      if (shares.size() > 1) out.append(" ").append(percent(share.weight));
    }
    return out;
  }
  std::string answer(const RouteRecord& r) const {
    switch (r.answer_kind) {
      case AnswerKind::pool: {
        if (r.front == kNone) return pool(r.answer);
        return "front " + std::string(text(t_.fronts()[r.front].inner));
      }
      case AnswerKind::respond: {
        const RespondRecord& to = t_.responds()[r.answer];
        return "respond " + std::to_string(to.status) + " " + quoted(text(to.body)) + " as " +
               std::string(text(to.media_type));
      }
      case AnswerKind::redirect: {
        const RedirectRecord& to = t_.redirects()[r.answer];
        const std::string kind = to.kind == RedirectKind::permanent   ? "permanent"
                                 : to.kind == RedirectKind::temporary ? "temporary"
                                                                      : std::to_string(to.code);
        return "redirect " + kind + " " + quoted(text(to.location)) +
               ((to.flags & kKeepPath) != 0 ? " keep_path" : "") +
               ((to.flags & kKeepRest) != 0 ? " keep_rest" : "") +
               ((to.flags & kKeepQuery) != 0 ? " keep_query" : "");
      }
    }
    return {};
  }
  void host(const HostRecord& r) {
    static constexpr std::string_view kPrefix[] = {"", "*.", "**.", "*"};
    static constexpr std::string_view kPlain[] = {"redirect", "serve", "refuse"};
    static constexpr std::string_view kPath[] = {"  exact ", "  regex ", "  prefix "};
    const uint32_t id = t_.id_of(r);
    line("host ", kPrefix[static_cast<size_t>(r.kind)], text(r.name),
         named("object", t_.host_objects()[id]),
         r.certificate == kNone ? std::string(" tls off")
                                : named("tls", t_.certificates()[r.certificate].object),
         " plain_http ", kPlain[static_cast<size_t>(r.plain_http)]);
    for (const RouteRecord& route : t_.routes(r)) {
      const bool regex = route.path_kind == PathKind::regex;
      line(kPath[static_cast<size_t>(route.path_kind)],
           regex ? quoted(text(route.path)) : std::string(text(route.path)), " -> ", answer(route),
           named("object", t_.route_objects()[t_.id_of(route)]));
      for (uint32_t step : t_.steps(t_.chain(route)))
        line("    use ", text(t_.policies()[step].object));
    }
  }

  const Table& t_;
  std::string out_;
};

}  // namespace

std::string dump(const Table& table) { return Dump(table).run(); }

}  // namespace sluice::table
