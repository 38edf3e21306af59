// What the table says about a request: the first half of an Exchange, in the order of D32.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "runtime/proxy/client_connection.h"
#include "runtime/proxy/exchange.h"
#include "runtime/proxy/worker.h"
#include "runtime/table/answer.h"
#include "runtime/table/match.h"
#include "runtime/table/normalize.h"

namespace sluice::proxy {

using http::HeaderId;

void Exchange::start(ClientConnection& client) noexcept {
  client_ = &client;
  generation_ = worker_.current;
  generation_->enter();
  host_ = nullptr;
  route_ = nullptr;
  endpoint_ = nullptr;
  step_ = attempts_ = 0;
  request_ended_ = request_cut_ = answering_ = retried_ = false;
  close_after_ = authorised_ = password_ok_ = body_moved_ = false;
  status_ = 0;
  sent_ = upstream_sent_ = 0;
  asked_us_ = upstream_us_ = 0;
  reason_ = {};
  body_at_ = request.size;
  request_body_.start(request);
  request_ended_ = request.body == http::BodyKind::none;
  client.clear_timeout();
  phase_ = Phase::deciding;
  began_us_ = client.request_began_us();
}

void Exchange::begin(ClientConnection& client) noexcept {
  start(client);
  decide();
}

void Exchange::read_peer() noexcept {
  const table::Table& t = generation_->table();
  // Only a request behind an edge pays for looking at what it forwards.
  std::string_view lists[16];
  size_t count = 0;
  std::string_view proto;
  if (request.ids & http::kForwardedIds) {
    for (size_t i = request.find(HeaderId::x_forwarded_for); i != request.npos;
         i = request.find(HeaderId::x_forwarded_for, i + 1)) {
      if (count == std::size(lists)) {  // the last ones are those that the edge wrote
        std::move(std::begin(lists) + 1, std::end(lists), std::begin(lists));
        --count;
      }
      lists[count++] = request.value(i);
    }
    proto = request.get(HeaderId::x_forwarded_proto);
  }
  who_ = table::client_address(t, client_->peer(), {lists, count});
  https_ = table::scheme_is_https(t, client_->listener(), who_.trusted, proto);
  if (!who_.trusted) {
    request.distrust_forwarded();
  } else if (request.has(HeaderId::x_forwarded_other)) {
    // R2: a client's own X-Forwarded-Prefix goes no further, whoever passes it on.
    for (size_t i = request.find("x-forwarded-prefix"); i != request.npos;
         i = request.find("x-forwarded-prefix", i + 1)) {
      request.drop(i);
    }
  }
}

void Exchange::decide() noexcept {
  const table::Table& t = generation_->table();
  read_peer();
  char host_buffer[256];
  const table::NormalHost host = table::normalize_host(request.host(), host_buffer);
  if (host.fault == table::HostFault::malformed) return refuse(400, "bad_host");
  if (request.form == http::TargetForm::asterisk) {
    if (request.method != http::Method::options) return refuse(400, "bad_target");
    http::OwnResponse ok;
    ok.content_type = {};
    return respond(ok, "options_asterisk");
  }
  const std::string_view raw = request.path();
  std::span<char> room = worker_.scratch();
  const table::NormalPath path = table::normalize_path(raw, room);
  if (path.fault != table::PathFault::none) {
    return refuse(path.fault == table::PathFault::too_long ? 431 : 400, "bad_path");
  }
  path_ = path.path;
  if (path_.data() >= room.data() && path_.data() < room.data() + room.size()) {
    path_copy_.assign(path_);
    path_ = path_copy_;
  }
  if (host.fault == table::HostFault::missing) return refuse(404, "no_host");

  const table::Match found = table::match(t, host.host, path_);
  host_ = found.host;
  if (!host_) return refuse(404, "unknown_host");
  route_ = found.route;
  if (route_ && !table::peers_allow(t, t.chain(*route_), client_->peer())) {
    return refuse(403, "peer_not_allowed");
  }
  switch (table::plain_http(t, *host_, route_, https_, path_)) {
    case table::Plain::serve:
      break;
    case table::Plain::redirect:
      return redirect_to_https();
    case table::Plain::acme:
      route_ = nullptr;
      return refuse(404, "no_challenge");
    case table::Plain::refuse:
      route_ = nullptr;
      return refuse(404, "plain_http_refused");
  }
  if (!route_) return refuse(404, "no_route");
  if (!table::clients_allow(t, t.chain(*route_), who_)) return refuse(403, "client_not_allowed");
  if (guards()) answer_route();
}

bool Exchange::guards() noexcept {
  const table::Table& t = generation_->table();
  const table::ChainRecord& chain = t.chain(*route_);
  if (!(chain.flags & (table::kHasRateLimit | table::kHasBasicAuth))) return true;
  const auto steps = t.steps(chain);
  for (; step_ < chain.guards; ++step_) {
    const table::PolicyRecord& policy = t.policies()[steps[step_]];
    if (policy.kind == table::PolicyKind::rate_limit && !check_rate(policy)) return false;
    if (policy.kind == table::PolicyKind::basic_auth && !check_password(policy)) return false;
  }
  // What a password was for ends here (M3.1).
  if (authorised_) request.drop_all(http::id_set(HeaderId::authorization));
  return true;
}

// One bucket per route's rule and key (M5.1); named by objects, so that it outlives a swap.
bool Exchange::check_rate(const table::PolicyRecord& policy) noexcept {
  const table::Table& t = generation_->table();
  const table::RateLimitRecord& limit = t.rate_limits()[policy.value];
  char key[1024];
  size_t size = 0;
  const auto put = [&](std::string_view part) {
    // A length before each part, so that no two keys run together.
    part =
        part.substr(0, std::min(part.size(), sizeof key - size - std::min(size + 2, sizeof key)));
    if (size + 2 + part.size() > sizeof key) return;
    key[size++] = static_cast<char>(part.size() >> 8);
    key[size++] = static_cast<char>(part.size());
    std::memcpy(key + size, part.data(), part.size());
    size += part.size();
  };
  put(t.text(policy.object));
  put(t.text(t.route_objects()[t.id_of(*route_)]));
  switch (limit.by) {
    case table::LimitBy::client_ip: {
      // An IPv6 client has its network's 2^64 addresses at hand: the network is the client.
      uint64_t address[2] = {0, 0};
      if (who_.address) {
        address[0] = who_.address->high;
        address[1] = who_.address->v4 ? who_.address->low : 0;
      }
      char text[18];
      std::memcpy(text, address, 16);
      text[16] = static_cast<char>(who_.address ? who_.address->v4 ? 4 : 6 : 0);
      put({text, 17});
      break;
    }
    case table::LimitBy::header:
      put(request.get(t.text(limit.header)));
      break;
    case table::LimitBy::host:
      put(t.text(host_->name));
      break;
    case table::LimitBy::everyone:
      break;
  }
  const int64_t wait_us = worker_.shared.limits.take(
      sip_hash(worker_.shared.key, {key, size}), {limit.count, limit.period_seconds, limit.burst},
      worker_.loop.now_us());
  if (wait_us == 0) return true;
  char seconds[24];
  const int written =
      std::snprintf(seconds, sizeof seconds, "%lld",
                    static_cast<long long>(std::max<int64_t>((wait_us + 999'999) / 1'000'000, 1)));
  refuse_with(429, "rate_limit",
              {HeaderId::retry_after, "Retry-After", {seconds, static_cast<size_t>(written)}});
  return false;
}

void Exchange::ask_password(const table::PolicyRecord& policy) noexcept {
  const table::Table& t = generation_->table();
  std::string value = "Basic realm=\"";
  for (const char c : t.text(t.basic_auths()[policy.value].realm)) {
    if (c == '"' || c == '\\') value += '\\';
    value += c;
  }
  value += '"';
  refuse_with(401, "password", {HeaderId::www_authenticate, "WWW-Authenticate", value});
}

// True: let in. False: answered, or a check has been sent off.
bool Exchange::check_password(const table::PolicyRecord& policy) noexcept {
  authorised_ = true;
  if (std::exchange(password_ok_, false)) return true;
  const size_t line = request.find(HeaderId::authorization);
  std::string name, password;
  if (line == request.npos || request.find(HeaderId::authorization, line + 1) != request.npos ||
      !parse_basic(request.value(line), name, password)) {
    ask_password(policy);
    return false;
  }
  const UserList::Entry entry = (*generation_)->users(policy.value).find(name);
  const Hash128 key = PasswordCache::key(worker_.shared.key, name, password, entry.hash);
  if (entry.known && worker_.passwords.has(key)) return true;
  if (worker_.password_checks >= worker_.settings.max_password_checks) {
    refuse_with(503, "too_many_password_checks", {HeaderId::retry_after, "Retry-After", "1"});
    return false;
  }
  ++worker_.password_checks;
  phase_ = Phase::password;
  auto good = std::make_shared<bool>(false);
  worker_.loop.submit(
      [good, password, hash = std::string(entry.hash)] { *good = UserList::check(password, hash); },
      [this, good, key, known = entry.known, serial = serial_, worker = worker_.alive,
       checked = &policy] {
        if (!*worker) return;
        --(*worker)->password_checks;
        const bool passed = *good && known;
        if (passed) (*worker)->passwords.add(key);
        if (serial_ != serial) return;  // the client has gone
        ClientConnection* client = client_;
        phase_ = Phase::deciding;
        password_ok_ = passed;
        if (!passed) {
          ask_password(*checked);
        } else if (guards()) {
          answer_route();
        }
        client->drive();
      });
  return false;
}

std::string_view Exchange::stripped_path() const noexcept {
  const table::Table& t = generation_->table();
  return table::strip_prefix(path_, t.text(t.chain(*route_).strip));
}

void Exchange::redirect_to_https() noexcept {
  const table::Table& t = generation_->table();
  const uint16_t status =
      table::redirect_status(table::RedirectKind::permanent, 0, request.text(request.method_text));
  const std::span<char> room = worker_.scratch().subspan(kHalfScratch);
  const size_t size = table::write_https_location(t, location_input(path_), room);
  route_ = nullptr;  // the redirect is the host's, without a route's headers
  if (size == 0) return refuse(431, "location_too_long");
  redirect(status, {room.data(), size}, "plain_http");
}

void Exchange::answer_route() noexcept {
  const table::Table& t = generation_->table();
  switch (route_->answer_kind) {
    case table::AnswerKind::pool:
      return reach(t.pools()[route_->answer]);
    case table::AnswerKind::respond: {
      const table::RespondRecord& record = t.responds()[route_->answer];
      http::OwnResponse response;
      response.status = record.status;
      response.content_type = t.text(record.media_type);
      response.body = t.text(record.body);
      return respond(response, {});
    }
    case table::AnswerKind::redirect:
      break;
  }
  const table::RedirectRecord& record = t.redirects()[route_->answer];
  const uint16_t status =
      table::redirect_status(record.kind, record.code, request.text(request.method_text));
  const std::span<char> room = worker_.scratch().subspan(kHalfScratch);
  const size_t size = table::write_location(t, *route_, location_input(stripped_path()), room);
  if (size == 0) return refuse(431, "location_too_long");
  redirect(status, {room.data(), size}, {});
}

table::LocationInput Exchange::location_input(std::string_view path) const noexcept {
  table::LocationInput in;
  in.https = https_;
  in.host = request.host();
  in.path = path;
  in.matched_path = path_;
  // The query with its `?`, as it lies in the head.
  if (request.has_query) {
    const std::string_view query = request.query();
    in.query = {query.data() - 1, query.size() + 1};
  }
  return in;
}

}  // namespace sluice::proxy
