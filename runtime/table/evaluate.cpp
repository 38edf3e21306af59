#include "runtime/table/evaluate.h"

#include <algorithm>
#include <array>

#include "runtime/table/forward.h"
#include "runtime/table/match.h"
#include "runtime/table/normalize.h"

namespace sluice::table {
namespace {

using Headers = std::vector<HeaderField>;

void remove(Headers& headers, std::string_view name) {
  std::erase_if(headers, [&](const HeaderField& h) { return equal_ignoring_case(h.name, name); });
}
void set(Headers& headers, std::string_view name, std::string_view value) {
  remove(headers, name);
  headers.push_back({std::string(name), std::string(value)});
}
void apply(const Table& table, Slice edits, Headers& headers) {
  for (const EditRecord& edit : table.edits(edits)) {
    const std::string_view name = table.text(edit.name);
    if (edit.op != EditOp::add) remove(headers, name);
    if (edit.op != EditOp::remove)
      headers.push_back({std::string(name), std::string(table.text(edit.value))});
  }
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// One request on its way through D32; each step returns whether the request goes on.
class Evaluation {
 public:
  Evaluation(const Table& table, const Request& request) : t_(table), r_(request) {}

  Decision run() {
    if (read_host() && handshake() && read_target() && read_connection() && choose() && peers() &&
        scheme() && route() && clients_and_password()) {
      answer();
    }
    return std::move(d_);
  }

 private:
  bool refuse(uint16_t status, Reason reason) {
    d_.outcome = Outcome::refuse;
    d_.status = status;
    d_.reason = reason;
    if (route_ != nullptr) apply(t_, chain().response_edits, d_.answer_headers);
    return false;
  }
  const ChainRecord& chain() const { return t_.chain(*route_); }

  std::vector<std::string_view> values(std::string_view name) const {
    std::vector<std::string_view> found;
    for (const HeaderField& header : r_.headers) {
      if (equal_ignoring_case(header.name, name)) found.push_back(trim(header.value));
    }
    return found;
  }

  // Which host is asked for: noted, and judged once the handshake is over.
  bool read_host() {
    target_ = split_target(r_.target);
    const std::vector<std::string_view> hosts = values("host");
    several_ = hosts.size() > 1;
    if (hosts.size() == 1) raw_host_ = hosts[0];
    if (target_.form == TargetForm::absolute) raw_host_ = target_.authority;
    host_ = normalize_host(raw_host_, host_buffer_);
    missing_ = hosts.empty();
    return true;
  }

  bool handshake() {
    if (r_.listener != Scheme::https) return true;
    std::array<char, 256> buffer;
    const NormalHost name = r_.server_name.empty() ? host_ : normalize_host(r_.server_name, buffer);
    if (name.fault == HostFault::none) d_.certificate = choose_certificate(t_, name.host);
    if (d_.certificate != kNone) return true;
    d_.outcome = Outcome::tls_refused;
    return false;
  }

  bool read_target() {
    if (several_) return refuse(400, Reason::several_hosts);
    if (missing_ && r_.version >= 11 && raw_host_.empty()) return refuse(400, Reason::no_host);
    if (missing_ && r_.version == 11)
      return refuse(400, Reason::no_host);  // also beside an absolute target
    if (host_.fault == HostFault::malformed) return refuse(400, Reason::bad_host);
    if (r_.method == "CONNECT") return refuse(501, Reason::connect_method);
    if (target_.form == TargetForm::asterisk && r_.method == "OPTIONS")
      return refuse(200, Reason::options_asterisk);
    if (target_.form != TargetForm::origin && target_.form != TargetForm::absolute) {
      return refuse(400, Reason::bad_target);
    }
    path_buffer_.resize(target_.path.size() * 3 + 1);
    const NormalPath path = normalize_path(target_.path, path_buffer_);
    if (path.fault != PathFault::none) {
      return refuse(path.fault == PathFault::too_long ? 431 : 400, Reason::bad_target);
    }
    path_ = path.path;
    d_.matched_path = path_;
    return true;
  }

  bool read_connection() {
    for (std::string_view line : values("connection")) {
      while (!line.empty()) {
        const size_t comma = line.find(',');
        const std::string_view name = trim(line.substr(0, comma));
        line = comma == std::string_view::npos ? std::string_view() : line.substr(comma + 1);
        if (!name.empty() && !may_be_nominated(name)) return refuse(400, Reason::bad_connection);
        nominated_.push_back(name);
      }
    }
    return true;
  }

  bool choose() {
    forwarded_for_ = values("x-forwarded-for");
    client_ = client_address(t_, r_.peer, forwarded_for_);
    d_.client = client_.address;
    d_.trusted_peer = client_.trusted;
    const std::vector<std::string_view> proto = values("x-forwarded-proto");
    d_.https = scheme_is_https(t_, r_.listener, client_.trusted,
                               proto.empty() ? std::string_view() : proto[0]);
    if (host_.fault == HostFault::missing) return refuse(404, Reason::no_host);
    const Match found = match(t_, host_.host, path_);
    host_record_ = found.host;
    route_ = found.route;
    if (host_record_ == nullptr) return refuse(404, Reason::unknown_host);
    d_.host = t_.id_of(*host_record_);
    if (route_ != nullptr) d_.route = t_.id_of(*route_);
    return true;
  }

  bool peers() {
    if (route_ == nullptr || (chain().flags & kHasAllowPeers) == 0) return true;
    const bool allowed = peers_allow(t_, chain(), r_.peer);
    list_steps([](const PolicyRecord& p) { return p.kind == PolicyKind::allow_peers; }, allowed);
    return allowed || refuse(403, Reason::peer_not_allowed);
  }

  bool scheme() {
    switch (plain_http(t_, *host_record_, route_, d_.https, path_)) {
      case Plain::serve:
        return true;
      case Plain::refuse: {
        route_ = nullptr;  // as if no such host were there: no answer headers either
        return refuse(404, Reason::plain_http_refused);
      }
      case Plain::acme:
        d_.outcome = Outcome::acme;
        d_.status = 404;
        return false;
      case Plain::redirect:
        break;
    }
    d_.outcome = Outcome::redirect;
    d_.reason = Reason::plain_http;
    d_.status = redirect_status(RedirectKind::permanent, 0, r_.method);
    d_.location = located([&](const LocationInput& in, std::span<char> out) {
      return write_https_location(t_, in, out);
    });
    d_.answer_headers.push_back({"Location", d_.location});
    return false;
  }

  bool route() { return route_ != nullptr || refuse(404, Reason::no_route); }

  bool clients_and_password() {
    const bool allowed = clients_allow(t_, chain(), client_);
    list_steps(
        [](const PolicyRecord& p) {
          return p.kind == PolicyKind::allow_ips || p.kind == PolicyKind::deny_ips;
        },
        allowed);
    if (!allowed) return refuse(403, Reason::client_not_allowed);
    for (uint32_t id : t_.steps(chain()).first(chain().guards)) {
      const PolicyRecord& policy = t_.policies()[id];
      if (policy.kind == PolicyKind::rate_limit) d_.steps.push_back({id, true});
      if (policy.kind == PolicyKind::basic_auth && !password(id, policy)) return false;
    }
    return true;
  }
  bool password(uint32_t id, const PolicyRecord& policy) {
    d_.needs_password = true;
    const std::vector<std::string_view> given = values("authorization");
    const bool let_in = given.size() == 1 && given[0].size() > 6 &&
                        equal_ignoring_case(given[0].substr(0, 6), "basic ");
    d_.steps.push_back({id, let_in});
    if (let_in) return true;
    const std::string_view realm = t_.text(t_.basic_auths()[policy.value].realm);
    d_.answer_headers.push_back({"WWW-Authenticate", "Basic realm=" + quoted(realm)});
    return refuse(401, Reason::password_needed);
  }
  template <class Which>
  void list_steps(Which which, bool let_in) {
    for (uint32_t id : t_.steps(chain()).first(chain().guards)) {
      if (which(t_.policies()[id])) d_.steps.push_back({id, let_in});
    }
  }

  void answer() {
    for (uint32_t id : t_.steps(chain()).subspan(chain().guards)) d_.steps.push_back({id, true});
    d_.front = route_->front;
    switch (route_->answer_kind) {
      case AnswerKind::respond:
        respond(t_.responds()[route_->answer]);
        break;
      case AnswerKind::redirect:
        redirect(t_.redirects()[route_->answer]);
        break;
      case AnswerKind::pool:
        proxy(t_.pools()[route_->answer]);
        break;
    }
    apply(t_, chain().response_edits, d_.answer_headers);
    for (const EditRecord& edit : t_.edits(chain().response_edits)) {
      if (edit.op != EditOp::add) d_.removed_answer_headers.emplace_back(t_.text(edit.name));
    }
  }
  void respond(const RespondRecord& record) {
    d_.outcome = Outcome::respond;
    d_.status = record.status;
    d_.body = t_.text(record.body);
    d_.media_type = t_.text(record.media_type);
    if (record.status == 204 || record.status == 304) {
      d_.body.clear();
      return;
    }
    d_.answer_headers.push_back({"Content-Type", d_.media_type});
  }
  void redirect(const RedirectRecord& record) {
    d_.outcome = Outcome::redirect;
    d_.status = redirect_status(record.kind, record.code, r_.method);
    d_.location = located([&](const LocationInput& in, std::span<char> out) {
      return write_location(t_, *route_, in, out);
    });
    d_.answer_headers.push_back({"Location", d_.location});
  }
  void proxy(const PoolRecord& pool) {
    d_.outcome = Outcome::proxy;
    for (const ShareRecord& share : t_.shares(pool))
      d_.pool.push_back({share.upstream, share.weight});
    d_.upstream_target = std::string(stripped()) + std::string(target_.query);
    d_.upstream_headers = upstream_headers();
  }

  std::string_view stripped() const { return strip_prefix(path_, t_.text(chain().strip)); }

  template <class Write>
  std::string located(Write write) const {
    const LocationInput in{
        .https = d_.https,
        .host = raw_host_,
        .path = route_ == nullptr || d_.reason == Reason::plain_http ? path_ : stripped(),
        .matched_path = path_,
        .query = target_.query};
    std::string buffer(raw_host_.size() + path_.size() + target_.query.size() + 4096, '\0');
    size_t size = write(in, std::span<char>(buffer));
    if (size ==
        0) {  // a location longer than that: once more, with room for every text of the table
      buffer.resize(buffer.size() + t_.strings().size());
      size = write(in, std::span<char>(buffer));
    }
    buffer.resize(size);
    return buffer;
  }

  Headers upstream_headers() const {
    Headers out;
    out.push_back({"Host", std::string(raw_host_)});
    std::string proto, forwarded_host;
    for (const HeaderField& header : r_.headers) {
      if (header.name.empty() || equal_ignoring_case(header.name, "host")) continue;
      const bool named = std::any_of(
          nominated_.begin(), nominated_.end(),
          [&](std::string_view name) { return equal_ignoring_case(name, header.name); });
      const Passing what = passing(header.name, client_.trusted);
      if (what == Passing::pass && !named) out.push_back(header);
      if (what != Passing::replace) continue;
      if (equal_ignoring_case(header.name, "x-forwarded-proto") && proto.empty())
        proto = trim(header.value);
      if (equal_ignoring_case(header.name, "x-forwarded-host") && forwarded_host.empty())
        forwarded_host = trim(header.value);
    }
    if (d_.needs_password) remove(out, "authorization");
    size_t room = kAddressText;
    for (std::string_view line : forwarded_for_) room += line.size() + 2;
    std::string list(room, '\0');
    list.resize(write_forwarded_for(client_.trusted, forwarded_for_, r_.peer, list));
    out.push_back({"X-Forwarded-For", list});
    out.push_back({"X-Forwarded-Proto", !proto.empty()                 ? proto
                                        : r_.listener == Scheme::https ? "https"
                                                                       : "http"});
    out.push_back(
        {"X-Forwarded-Host", !forwarded_host.empty() ? forwarded_host : std::string(raw_host_)});
    apply(t_, chain().request_edits, out);
    if (chain().strip.length > 1) set(out, "X-Forwarded-Prefix", t_.text(chain().strip));
    return out;
  }

  const Table& t_;
  const Request& r_;
  Decision d_;
  Target target_;
  std::string_view raw_host_, path_;
  bool several_ = false, missing_ = false;
  std::array<char, 256> host_buffer_;
  NormalHost host_;
  std::string path_buffer_;
  std::vector<std::string_view> nominated_, forwarded_for_;
  Client client_;
  const HostRecord* host_record_ = nullptr;
  const RouteRecord* route_ = nullptr;
};

}  // namespace

std::string_view describe(Reason reason) {
  switch (reason) {
    case Reason::none:
      return "";
    case Reason::connect_method:
      return "CONNECT is not served";
    case Reason::no_host:
      return "no host is asked for";
    case Reason::several_hosts:
      return "more than one Host line";
    case Reason::bad_host:
      return "a malformed Host";
    case Reason::bad_target:
      return "a malformed target";
    case Reason::bad_connection:
      return "Connection names a header that nobody may take away";
    case Reason::options_asterisk:
      return "OPTIONS * asks for no route";
    case Reason::unknown_host:
      return "no such host";
    case Reason::no_route:
      return "no route of the host matches";
    case Reason::plain_http_refused:
      return "the host is not served over plain HTTP";
    case Reason::peer_not_allowed:
      return "allow_peers does not hold the peer";
    case Reason::client_not_allowed:
      return "the client's address is not let in";
    case Reason::password_needed:
      return "a password is needed";
    case Reason::plain_http:
      return "plain HTTP is sent to HTTPS";
  }
  return "";
}

std::string_view describe(Outcome outcome) {
  switch (outcome) {
    case Outcome::tls_refused:
      return "handshake refused";
    case Outcome::refuse:
      return "refused";
    case Outcome::respond:
      return "respond";
    case Outcome::redirect:
      return "redirect";
    case Outcome::acme:
      return "ACME challenge";
    case Outcome::proxy:
      return "upstream";
  }
  return "";
}

Decision evaluate(const Table& table, const Request& request) {
  return Evaluation(table, request).run();
}

std::vector<std::string_view> groups(const Table& table, const RouteRecord& route) {
  std::vector<std::string_view> names;
  for (uint32_t id : table.steps(table.chain(route))) {
    for (const StringRef& ref : table.list(table.policies()[id].groups)) {
      const std::string_view name = table.text(ref);
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

}  // namespace sluice::table
