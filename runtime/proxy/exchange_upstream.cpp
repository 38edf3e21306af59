// Getting a connection to the chosen upstream, sending it the head, and what may go wrong before it
// answers. U13: unreachable, reset or nonsense is 502, too slow 504, nobody to ask 503.
#include "runtime/proxy/client_connection.h"
#include "runtime/proxy/exchange.h"
#include "runtime/proxy/upstream_connection.h"
#include "runtime/proxy/worker.h"

namespace sluice::proxy {

void Exchange::reach(const table::PoolRecord& pool) noexcept {
  endpoint_ = generation_->choose(pool);
  if (!endpoint_) return refuse(503, "no_upstream");
  connect();
}

void Exchange::connect() noexcept {
  phase_ = Phase::reaching;
  upstream_sent_ = 0;
  asked_us_ = worker_.loop.now_us();
  if (!retried_) {
    upstream_ = UpstreamConnection::reuse(*endpoint_, *this);
    if (upstream_) return send_head();
  }
  if (endpoint_->connections >= worker_.settings.max_upstream) return refuse(503, "upstream_full");
  if (endpoint_->address) return dial(*endpoint_->address);
  const auto pick = [this](const net::Resolver::Addresses& all) {
    return all[(endpoint_->preferred + attempts_) % all.size()];
  };
  if (const auto* known = worker_.resolver.known(endpoint_->host, endpoint_->port)) {
    return dial(pick(*known));
  }
  client_->set_timeout(worker_.settings.connect_ms);
  worker_.resolver.resolve(
      endpoint_->host, endpoint_->port,
      [this, pick, serial = serial_, worker = worker_.alive](const auto* found) {
        if (!*worker || serial_ != serial || phase_ != Phase::reaching) return;
        ClientConnection* client = client_;
        if (found) {
          dial(pick(*found));
        } else {
          refuse(502, "upstream_name");
        }
        client->drive();
      });
}

void Exchange::dial(const net::SocketAddress& address) noexcept {
  upstream_ = UpstreamConnection::dial(worker_, *endpoint_, address, *this);
  if (!upstream_) upstream_unreachable();
}

void Exchange::upstream_event() noexcept { client_->drive(); }

void Exchange::upstream_ready() noexcept {
  ClientConnection* client = client_;
  endpoint_->preferred += attempts_;
  attempts_ = 0;
  send_head();
  client->drive();
}

void Exchange::upstream_unreachable() noexcept {
  ClientConnection* client = client_;
  upstream_ = nullptr;
  ++attempts_;
  // A name may have several addresses; the next is tried, three in all.
  const auto* known =
      endpoint_->address ? nullptr : worker_.resolver.known(endpoint_->host, endpoint_->port);
  if (known && attempts_ < std::min<size_t>(known->size(), 3)) {
    connect();
  } else {
    refuse(502, "upstream_unreachable");
  }
  client->drive();
}

void Exchange::upstream_timed_out() noexcept {
  ClientConnection* client = client_;
  drop_upstream();
  if (!answering_) {
    close_after_ = close_after_ || !request_ended_;
    refuse(504, phase_ == Phase::reaching ? "upstream_connect_timeout" : "upstream_timeout");
  } else {
    reason_ = "upstream_idle";
    end(false, true);
  }
  client->drive();
}

void Exchange::drop_upstream() noexcept {
  if (upstream_) std::exchange(upstream_, nullptr)->close();
}

// A kept connection may have been closed by the other side just as it was used. Then, once:
// whatever the method when not a byte of the request went out, else for those without effect and
// without a body (U15).
bool Exchange::may_retry() const noexcept {
  if (!upstream_->is_reused() || retried_ || body_moved_) return false;
  if (upstream_sent_ == 0) return true;
  return request.body == http::BodyKind::none &&
         (request.method == http::Method::get || request.method == http::Method::head ||
          request.method == http::Method::options);
}

void Exchange::upstream_broke() noexcept {
  const bool retry = may_retry();
  drop_upstream();
  if (!retry) return refuse(502, "upstream_reset");
  retried_ = true;
  request_cut_ = false;
  body_at_ = request.size;
  request_body_.start(request);
  request_ended_ = request.body == http::BodyKind::none;
  connect();
}

void Exchange::send_head() noexcept {
  phase_ = Phase::forwarding;
  const table::Table& t = generation_->table();
  const table::ChainRecord& chain = t.chain(*route_);
  http::RequestChanges changes;
  const std::string_view path = stripped_path();
  const std::string_view sent = request.path();
  if (path.data() != sent.data() || path.size() != sent.size() ||
      request.form != http::TargetForm::origin) {
    target_.assign(path);
    if (request.has_query) target_.append("?").append(request.query());
    changes.target = target_;
  }
  changes.forwarded = {client_->peer_text(),
                       client_->listener() == table::Scheme::https ? "https" : "http",
                       who_.trusted};
  const http::EditList* edits = &(*generation_)->request_edits(*route_);
  changes.edits = {&edits, 1};
  const http::ExtraLine prefix{http::HeaderId::x_forwarded_other, "X-Forwarded-Prefix",
                               t.text(chain.strip)};
  if (chain.strip.length > 1) changes.extra = {&prefix, 1};

  std::span<char> room = worker_.scratch();
  const size_t size = http::write_request_head(request, changes, room);
  if (size == 0) {
    drop_upstream();
    return refuse(500, "head_not_written");
  }
  parser_.reset();
  if (request.expect_continue && !request_ended_ && client_->in().size() == body_at_) {
    const iovec go_on{const_cast<char*>(http::kContinue.data()), http::kContinue.size()};
    if (!client_->out().write(client_->transport(), {&go_on, 1}, sent_)) return client_gone();
  }
  send_request({room.data(), size});
  // Its end is read in a turn of its own: nothing may come to wake us.
  if (phase_ == Phase::forwarding && request_cut_) client_->more_next_turn();
}

}  // namespace sluice::proxy
