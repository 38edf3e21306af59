// Bytes in both directions. Each is written from where it was read; the side that reads stops while
// the other has not taken what it gave, so an exchange holds no more than its two buffers and what
// one write left over.
#include <algorithm>
#include <cstring>

#include "runtime/proxy/client_connection.h"
#include "runtime/proxy/exchange.h"
#include "runtime/proxy/upstream_connection.h"
#include "runtime/proxy/worker.h"

namespace sluice::proxy {
namespace {

using http::BodyKind;
using State = http::BodyDecoder::Step::State;

constexpr int kTurns = 8;  // reads of one direction before the others on the loop have theirs

// The parts of one gathered write: a head, payload where it lies, and our own framing around it.
class Parts {
 public:
  static constexpr size_t kPayloads = 30;

  explicit Parts(std::string_view head) noexcept {
    if (!head.empty()) put(head);
    framing_ = count_++;
    parts_[framing_] = {nullptr, 0};
  }
  bool full() const noexcept { return payloads_ == kPayloads; }
  void payload(std::string_view bytes) noexcept {
    put(bytes);
    ++payloads_;
    size_ += bytes.size();
  }
  void frame_chunk(bool last) noexcept {
    if (size_ != 0) {
      const std::string_view line = http::chunk_header(size_, line_);
      parts_[framing_] = {const_cast<char*>(line.data()), line.size()};
      put(last ? http::kChunkEndAndLast : http::kChunkEnd);
    } else if (last) {
      put(http::kLastChunk);
    }
  }
  // The head is followed by room in the loop's scratch: a little that comes behind it is moved up
  // to it, since one plain send is cheaper for the kernel than a gathered one.
  void join_behind_head() noexcept {
    constexpr size_t kLittle = 4096;
    size_t more = 0;
    for (size_t i = 1; i < count_; ++i) more += parts_[i].iov_len;
    if (framing_ == 0 || more > kLittle) return;
    for (size_t i = 1; i < count_; ++i) {
      if (parts_[i].iov_len == 0) continue;
      std::memcpy(static_cast<char*>(parts_[0].iov_base) + parts_[0].iov_len, parts_[i].iov_base,
                  parts_[i].iov_len);
      parts_[0].iov_len += parts_[i].iov_len;
    }
    count_ = 1;
    parts_[framing_].iov_len = 0;
  }
  std::span<const iovec> get() noexcept {
    // An empty framing part is taken out: it stands first, or between head and payload.
    if (parts_[framing_].iov_len != 0) return {parts_, count_};
    if (framing_ == 0) return {parts_ + 1, count_ - 1};
    if (count_ <= 2) return {parts_, 1};
    parts_[1] = parts_[0];
    return {parts_ + 1, count_ - 1};
  }

 private:
  void put(std::string_view bytes) noexcept {
    parts_[count_++] = {const_cast<char*>(bytes.data()), bytes.size()};
  }
  iovec parts_[kPayloads + 4];
  size_t count_ = 0, framing_, payloads_ = 0;
  uint64_t size_ = 0;
  char line_[http::kMaxChunkHeader];
};

// Takes payload from the front of `bytes`; gives how many bytes were used up.
size_t gather(http::BodyDecoder& decoder, std::string_view bytes, Parts& parts) noexcept {
  size_t used = 0;
  while (!parts.full()) {
    const http::BodyDecoder::Step step = decoder.next(bytes.substr(used));
    used += step.consumed;
    if (step.state != State::data) break;
    parts.payload(step.data);
    if (decoder.is_done()) break;
  }
  return used;
}

}  // namespace

void Exchange::drive() noexcept {
  switch (phase_) {
    case Phase::free:
    case Phase::deciding:
      return;
    case Phase::password:
    case Phase::reaching:
      // U20: a client that has closed its side, half or whole, has given up.
      if (client_->transport().hang_up()) client_gone();
      return;
    case Phase::forwarding:
      return pump();
    case Phase::finishing:
      return flush_answer();
  }
}

void Exchange::pump() noexcept {
  if (client_->transport().hang_up()) return client_gone();
  const uint64_t serial = serial_;
  if (!request_ended_ || !upstream_->out().empty()) pump_request();
  if (serial_ == serial && phase_ == Phase::forwarding) pump_response();
}

// ---------------------------------------------------------------- request
// Writes the head, when there is one, and the body bytes that lie in the buffer. False: wait.
bool Exchange::send_request(std::string_view head) noexcept {
  Parts parts(head);
  Buffer& in = client_->in();
  if (!request_ended_) {
    body_at_ += gather(request_body_, in.view().substr(body_at_), parts);
    if (request_body_.refusal() != http::Refusal::none) {
      drop_upstream();
      close_after_ = true;
      refuse(http::status_of(request_body_.refusal()), http::name_of(request_body_.refusal()));
      return false;
    }
    request_ended_ = request_body_.is_done();
    if (request.body == BodyKind::chunked) parts.frame_chunk(request_ended_);
  }
  parts.join_behind_head();
  if (!upstream_->out().write(upstream_->transport(), parts.get(), upstream_sent_)) {
    // It may have answered before it closed: so its side is read to the end first.
    request_cut_ = true;
    upstream_->out().clear();
    upstream_->transport().ready(EPOLLIN | EPOLLRDHUP);
    return false;
  }
  if (request_ended_) {
    client_->clear_timeout();
    asked_us_ = worker_.loop.now_us();
    upstream_->set_timeout(worker_.settings.response_head_ms);
  } else if (!upstream_->out().empty()) {
    upstream_->set_timeout(worker_.settings.send_idle_ms);
  } else {
    upstream_->clear_timeout();  // the client is waited for
    client_->set_timeout(worker_.settings.body_idle_ms);
  }
  return upstream_->out().empty();
}

// False: wait, or the client has gone.
bool Exchange::read_request_body() noexcept {
  Buffer& in = client_->in();
  if (in.size() != body_at_) return true;
  in.truncate(request.size);  // the head stays
  body_at_ = request.size;
  body_moved_ = true;
  const IoResult result = client_->transport().read(in.room(), in.room_size());
  if (result.state == Io::again) return false;
  if (result.state != Io::ok) {
    client_gone();
    return false;
  }
  in.added(result.bytes);
  return true;
}

void Exchange::pump_request() noexcept {
  if (request_cut_) return;
  if (!upstream_->out().empty()) {
    const uint64_t before = upstream_sent_;
    if (!upstream_->out().flush(upstream_->transport(), upstream_sent_)) {
      request_cut_ = true;
      upstream_->out().clear();
      upstream_->transport().ready(EPOLLIN | EPOLLRDHUP);
      return;
    }
    if (!upstream_->out().empty()) {
      if (upstream_sent_ != before) upstream_->set_timeout(worker_.settings.send_idle_ms);
      return;
    }
    if (request_ended_) upstream_->set_timeout(worker_.settings.response_head_ms);
  }
  for (int turn = 0; !request_ended_; ++turn) {
    if (turn == kTurns) return client_->more_next_turn();
    if (!read_request_body() || !send_request({})) return;
  }
}

// ---------------------------------------------------------------- response
void Exchange::pump_response() noexcept {
  OutQueue& out = client_->out();
  for (int turn = 0; phase_ == Phase::forwarding; ++turn) {
    if (!out.empty()) {
      const uint64_t before = sent_;
      if (!out.flush(client_->transport(), sent_)) return client_gone();
      if (!out.empty()) {
        // The client is waited for, so the upstream must not be found too slow.
        if (sent_ != before || !client_->armed())
          client_->set_timeout(worker_.settings.send_idle_ms);
        if (answering_) upstream_->clear_timeout();
        return;
      }
      if (request_ended_) client_->clear_timeout();
    }
    if (turn == kTurns) return client_->more_next_turn();
    if (!read_response()) return;
  }
}

// One read, and what follows from it. False: wait, or the exchange has ended.
bool Exchange::read_response() noexcept {
  Buffer& in = upstream_->take_in();
  if (in.room_size() == 0) in.compact();
  const IoResult result = upstream_->transport().read(in.room(), in.room_size());
  if (result.state == Io::again) {
    if (in.empty()) upstream_->give_in();
    // It was not timed while the client was waited for.
    if (answering_ && !upstream_->armed())
      upstream_->set_timeout(worker_.settings.response_idle_ms);
    return false;
  }
  if (result.state != Io::ok) {
    upstream_ended(result.state);
    return false;
  }
  in.added(result.bytes);
  if (!answering_) return read_response_head();
  upstream_->set_timeout(worker_.settings.response_idle_ms);
  return send_response({});
}

bool Exchange::read_response_head() noexcept {
  Buffer& in = *upstream_->in();
  const http::Asked asked{.head = request.method == http::Method::head};
  while (true) {
    switch (parser_.parse(in.view(), asked, response_)) {
      case http::Parsed::incomplete:
        return true;
      case http::Parsed::refused:
        upstream_refused(http::name_of(parser_.refusal()));
        return false;
      case http::Parsed::complete:
        break;
    }
    if (!response_.is_interim()) break;
    // 100 is ours to say; 103 is passed on to those who can understand it; others stop here.
    if (response_.status == 103 && request.minor == 1) {
      std::span<char> room = worker_.scratch();
      const size_t size = http::write_response_head(response_, {}, room);
      const iovec part{room.data(), size};
      if (!client_->out().write(client_->transport(), {&part, 1}, sent_)) {
        client_gone();
        return false;
      }
    }
    in.consume(response_.size);
    parser_.reset();
    if (in.empty()) {
      in.clear();
      return true;
    }
  }
  upstream_us_ = worker_.loop.now_us() - asked_us_;
  status_ = response_.status;
  framing_ = http::frame_response(request, response_,
                                  request_ended_ && !request_cut_ && !worker_.draining);
  close_after_ = !framing_.keep_alive;
  http::ResponseChanges changes;
  changes.framing = framing_;
  changes.client_minor = request.minor;
  const http::EditList* edits = &(*generation_)->response_edits(*route_);
  changes.edits = {&edits, 1};
  const size_t size = http::write_response_head(response_, changes, worker_.scratch());
  if (size == 0) {
    upstream_refused("head_not_written");
    return false;
  }
  response_body_.start(response_);
  in.consume(response_.size);
  answering_ = true;
  upstream_->set_timeout(worker_.settings.response_idle_ms);
  return send_response({worker_.scratch().data(), size});
}

// Writes the head, when there is one, and all payload that lies in the buffer.
bool Exchange::send_response(std::string_view head) noexcept {
  Buffer& in = *upstream_->in();
  while (true) {
    Parts parts(head);
    in.consume(gather(response_body_, in.view(), parts));
    if (response_body_.refusal() != http::Refusal::none) {
      reason_ = http::name_of(response_body_.refusal());
      end(false, true);  // too late for another status
      return false;
    }
    const bool ended = response_body_.is_done();
    if (framing_.body == BodyKind::chunked) parts.frame_chunk(ended);
    parts.join_behind_head();
    const auto all = parts.get();
    if (!all.empty() && !client_->out().write(client_->transport(), all, sent_)) {
      client_gone();
      return false;
    }
    if (ended) {
      response_complete();
      return false;
    }
    if (in.empty()) {
      in.clear();
      return true;
    }
    head = {};
    if (!parts.full()) return true;  // the start of a chunk's line
  }
}

void Exchange::upstream_ended(Io how) noexcept {
  if (!answering_) {
    if (upstream_->in() && !upstream_->in()->empty()) return upstream_refused("upstream_reset");
    return upstream_broke();
  }
  if (how == Io::closed && response_body_.may_end_at_eof()) {
    if (framing_.body == BodyKind::chunked) {
      Parts parts({});
      parts.frame_chunk(true);
      if (!client_->out().write(client_->transport(), parts.get(), sent_)) return client_gone();
    }
    return response_complete();
  }
  // The client must see that something is missing.
  reason_ = "upstream_cut";
  end(false, true);
}

void Exchange::upstream_refused(std::string_view reason) noexcept {
  drop_upstream();
  refuse(502, reason);
}

void Exchange::response_complete() noexcept {
  UpstreamConnection* upstream = std::exchange(upstream_, nullptr);
  const bool reusable = http::upstream_reusable(response_) && request_ended_ && !request_cut_ &&
                        upstream->out().empty() && upstream->in()->empty() &&
                        !upstream->transport().hang_up();
  if (reusable) {
    upstream->keep();
  } else {
    upstream->close();
  }
  flush_answer();
}

}  // namespace sluice::proxy
