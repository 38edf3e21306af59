// What a slow peer leaves over: order is kept, nothing is lost, and every buffer goes back.
#include "runtime/proxy/out_queue.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace sluice::proxy {
namespace {

class OutQueueTest : public testing::Test {
 protected:
  OutQueueTest() {
    int fds[2];
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds);
    const int small = 4096;
    setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    transport_.open(net::Socket(fds[0]));
    transport_.assume_writable();
    peer_ = fds[1];
  }
  ~OutQueueTest() override { close(peer_); }

  void take(std::string& received) {
    char bytes[3000];
    for (ssize_t n; (n = read(peer_, bytes, sizeof bytes)) > 0;) {
      received.append(bytes, static_cast<size_t>(n));
    }
  }

  BufferPool pool_{1024, 4};
  Transport transport_;
  int peer_;
};

std::string numbered(size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text.append(std::to_string(i)).push_back(' ');
  return text;
}

TEST_F(OutQueueTest, KeepsWhatWasNotTakenInOrder) {
  const std::string head = "head ", body = numbered(200'000), tail = " tail";
  OutQueue queue(pool_);
  uint64_t taken = 0;
  const iovec parts[] = {{const_cast<char*>(head.data()), head.size()},
                         {const_cast<char*>(body.data()), body.size()}};
  ASSERT_TRUE(queue.write(transport_, parts, taken));
  EXPECT_FALSE(queue.empty());
  EXPECT_LT(taken, head.size() + body.size());
  // Comes behind what waits, though the peer would take it now.
  const iovec last{const_cast<char*>(tail.data()), tail.size()};
  ASSERT_TRUE(queue.write(transport_, {&last, 1}, taken));

  std::string received;
  while (!queue.empty()) {
    take(received);
    transport_.ready(EPOLLOUT);
    ASSERT_TRUE(queue.flush(transport_, taken));
  }
  take(received);
  EXPECT_EQ(received, head + body + tail);
  EXPECT_EQ(taken, received.size());
  EXPECT_EQ(pool_.taken(), 0u);
}

TEST_F(OutQueueTest, HoldsNothingWhereAllIsTaken) {
  OutQueue queue(pool_);
  uint64_t taken = 0;
  const iovec part{const_cast<char*>("few bytes"), 9};
  ASSERT_TRUE(queue.write(transport_, {&part, 1}, taken));
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(taken, 9u);
  EXPECT_EQ(pool_.taken(), 0u);
}

TEST_F(OutQueueTest, SaysWhenThePeerIsGone) {
  OutQueue queue(pool_);
  close(peer_);
  peer_ = -1;
  uint64_t taken = 0;
  const iovec part{const_cast<char*>("few bytes"), 9};
  EXPECT_FALSE(queue.write(transport_, {&part, 1}, taken));
}

}  // namespace
}  // namespace sluice::proxy
