// Answers that the proxy makes itself, and the end of every exchange.
#include <algorithm>

#include "runtime/proxy/client_connection.h"
#include "runtime/proxy/exchange.h"
#include "runtime/proxy/upstream_connection.h"
#include "runtime/proxy/worker.h"

namespace sluice::proxy {

void Exchange::refuse_head(ClientConnection& client, uint16_t status,
                           std::string_view reason) noexcept {
  // Nothing of the head can be relied on.
  static_cast<http::HeaderBlock&>(request) = {};
  request.method = http::Method::other;
  request.method_text = request.authority = request.path_text = {};
  request.base = "";
  request.minor = 1;
  start(client);
  close_after_ = true;
  refuse(status, reason);
}

// What is left of the request's body lies in the buffer: the connection can go on after an early
// answer.
bool Exchange::body_is_here() noexcept {
  const Buffer& in = client_->in();
  while (!request_ended_) {
    const http::BodyDecoder::Step step = request_body_.next(in.view().substr(body_at_));
    body_at_ += step.consumed;
    request_ended_ = request_body_.is_done();
    using State = http::BodyDecoder::Step::State;
    if (step.state == State::need_more || step.state == State::refused) break;
  }
  return request_ended_;
}

void Exchange::refuse(uint16_t status, std::string_view reason) noexcept {
  respond(http::error_response(status, {}), reason);
}

void Exchange::refuse_with(uint16_t status, std::string_view reason,
                           const http::ExtraLine& line) noexcept {
  http::OwnResponse response = http::error_response(status, {});
  response.extra = {&line, 1};
  respond(response, reason);
}

void Exchange::redirect(uint16_t status, std::string_view location,
                        std::string_view reason) noexcept {
  const http::ExtraLine line{http::HeaderId::location, "Location", location};
  http::OwnResponse response;
  response.status = status;
  response.extra = {&line, 1};
  respond(response, reason);
}

void Exchange::respond(http::OwnResponse response, std::string_view reason) noexcept {
  reason_ = reason;
  status_ = response.status;
  close_after_ = close_after_ || !request.keep_alive || worker_.draining || !body_is_here();
  const http::EditList* edits = nullptr;
  if (route_) {
    edits = &(*generation_)->response_edits(*route_);
    response.edits = {&edits, 1};
  }
  response.date = worker_.date();
  response.head_only = request.method == http::Method::head;
  response.keep_alive = !close_after_;
  response.client_minor = request.minor;
  const std::string_view body = response.head_only ? std::string_view() : response.body;
  std::span<char> room = worker_.scratch().first(kHalfScratch);
  size_t size = http::write_own_response(response, room);
  std::string large;
  if (size == 0) {
    large.resize(body.size() + kHalfScratch + (edits ? edits->size() : 0));
    size = http::write_own_response(response, large);
    room = large;
  }
  answering_ = true;
  const iovec part{room.data(), size};
  if (!client_->out().write(client_->transport(), {&part, 1}, sent_)) return client_gone();
  flush_answer();
}

// The answer is complete; what the client has not taken waits in its queue.
void Exchange::flush_answer() noexcept {
  phase_ = Phase::finishing;
  if (!client_->out().empty()) {
    const uint64_t before = sent_;
    if (!client_->out().flush(client_->transport(), sent_)) return client_gone();
    if (!client_->out().empty()) {
      if (sent_ != before || !client_->armed()) client_->set_timeout(worker_.settings.send_idle_ms);
      return;
    }
  }
  finish();
}

void Exchange::finish() noexcept { end(!close_after_, false); }

void Exchange::end(bool keep, bool cut) noexcept {
  log();
  drop_upstream();
  ClientConnection& client = *client_;
  using After = ClientConnection::After;
  After after = After::keep;
  if (cut) {
    after = After::cut;
  } else if (!keep) {
    // Bytes that nobody will read would make the kernel answer with a reset, which may overtake the
    // answer.
    const bool more =
        !request_ended_ || client.transport().readable() || client.in().size() > body_at_;
    after = more ? After::linger : After::close;
  }
  const size_t used = std::min(body_at_, client.in().size());
  if (generation_) std::exchange(generation_, nullptr)->leave();
  phase_ = Phase::free;
  client_ = nullptr;
  ++serial_;
  worker_.give_exchange(this);
  client.exchange_over(used, after);
}

void Exchange::client_gone() noexcept {
  if (status_ == 0) status_ = 499;
  if (reason_.empty()) reason_ = "client_gone";
  end(false, true);
}

void Exchange::abort() noexcept {
  if (phase_ == Phase::free) return;
  if (status_ == 0) status_ = 499;
  if (reason_.empty()) reason_ = "cut";
  end(false, true);
}

void Exchange::client_timed_out() noexcept {
  if (phase_ == Phase::forwarding && !request_ended_ && !answering_) {
    drop_upstream();
    close_after_ = true;
    return refuse(408, "body_timeout");
  }
  if (phase_ == Phase::reaching) return refuse(504, "upstream_name_timeout");
  if (reason_.empty()) reason_ = "client_timeout";
  client_gone();
}

void Exchange::log() noexcept {
  if (!worker_.log.enabled()) return;
  const int64_t now = worker_.loop.now_us();
  LogRecord record;
  record.time_us = worker_.wall_us();
  char text[table::kAddressText];
  record.client = client_->peer_text();
  if (who_.trusted && who_.address) record.client = table::format_address(*who_.address, text);
  record.scheme = client_->listener() == table::Scheme::https ? "https" : "http";
  record.method = request.text(request.method_text);
  record.host = request.host();
  record.path = request.method_text.size == 0 ? std::string_view() : request.path();
  record.status = status_;
  record.bytes = sent_;
  record.duration_us = now - began_us_;
  if (endpoint_) {
    record.upstream = endpoint_->display();
    record.upstream_us = upstream_us_;
  }
  const table::Table& t = generation_->table();
  if (route_) record.route = t.text(t.route_objects()[t.id_of(*route_)]);
  record.reason = reason_;
  record.table = (*generation_)->digest();
  worker_.log.add(record);
}

}  // namespace sluice::proxy
