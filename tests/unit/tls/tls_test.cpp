#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "runtime/base/file.h"
#include "runtime/tls/internal_ca.h"
#include "runtime/tls/session.h"

namespace sluice::tls {
namespace {

class Tls : public testing::Test {
 protected:
  Tls() {
    auto ca = InternalCa::open(folder_);
    EXPECT_TRUE(ca) << ca.error().message;
    ca_ = std::move(*ca);
    // ClientContext trusts the system's authorities; for this process that is our CA.
    setenv("SSL_CERT_FILE", ca_.certificate_path().c_str(), 1);
  }
  ~Tls() override { std::filesystem::remove_all(folder_); }

  std::string folder_ = testing::TempDir() + "sluice_tls_test." + std::to_string(getpid());
  InternalCa ca_;
};

class Chooser final : public CertificateChooser {
 public:
  std::shared_ptr<const KeyPair> choose(std::string_view name) noexcept override {
    asked = name;
    return name == "a.test" ? pair : nullptr;
  }
  std::shared_ptr<const KeyPair> pair;
  std::string asked;
};

struct Ends {
  Ends() { socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds); }
  ~Ends() { close(fds[0]), close(fds[1]); }
  int fds[2];
};

// Lets both sides go on until neither can.
std::pair<Io, Io> shake(Session& client, Session& server) {
  Io c = Io::again, s = Io::again;
  for (int i = 0; i < 10 && (c == Io::again || s == Io::again); ++i) {
    client.socket_ready(false);
    server.socket_ready(false);
    if (c == Io::again) c = client.handshake();
    if (s == Io::again) s = server.handshake();
  }
  return {c, s};
}

TEST_F(Tls, TheCaIsMadeOnceAndItsKeyIsPrivate) {
  struct stat info {};
  ASSERT_EQ(stat((folder_ + "/ca.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const std::string before = *read_file(folder_ + "/ca.crt", 1 << 16);
  ASSERT_TRUE(InternalCa::open(folder_));
  EXPECT_EQ(*read_file(folder_ + "/ca.crt", 1 << 16), before);
}

TEST_F(Tls, LeavesCoverTheirNamesAndNoOthers) {
  const std::vector<std::string> names = {"a.test", "*.w.test", "127.0.0.1"};
  const auto leaf = ca_.issue(names);
  ASSERT_TRUE(leaf) << leaf.error().message;
  EXPECT_TRUE((*leaf)->covers("a.test"));
  EXPECT_TRUE((*leaf)->covers("x.w.test"));
  EXPECT_TRUE((*leaf)->covers("127.0.0.1"));
  EXPECT_FALSE((*leaf)->covers("b.test"));
  EXPECT_FALSE((*leaf)->covers("y.x.w.test"));
}

TEST_F(Tls, BytesGoThroughBothWaysInGatheredRecords) {
  TicketKeys tickets;
  ServerContext server_context(tickets);
  ClientContext client_context;
  Chooser chooser;
  chooser.pair = *ca_.issue(std::vector<std::string>{"a.test"});
  Ends ends;
  Session client(client_context, ends.fds[0], "a.test");
  Session server(server_context, ends.fds[1], chooser);
  ASSERT_EQ(shake(client, server), std::make_pair(Io::ok, Io::ok)) << client.failure();
  EXPECT_EQ(chooser.asked, "a.test");

  std::string body(100'000, 'x');
  iovec parts[] = {{const_cast<char*>("head "), 5}, {body.data(), body.size()}};
  std::string received, wanted = "head " + body;
  size_t sent = 0;
  char buffer[8192];
  for (int i = 0; i < 1000 && received.size() < wanted.size(); ++i) {
    // What was not taken stays in front, as an OutQueue does it.
    std::vector<iovec> rest;
    size_t skip = sent;
    for (const iovec& part : parts) {
      const size_t here = std::min(skip, part.iov_len);
      skip -= here;
      if (here < part.iov_len)
        rest.push_back({static_cast<char*>(part.iov_base) + here, part.iov_len - here});
    }
    if (!rest.empty()) {
      const IoResult result = client.write(rest);
      ASSERT_NE(result.state, Io::failed);
      sent += result.bytes;
    }
    server.socket_ready(false);
    for (IoResult result = server.read(buffer, sizeof buffer); result.state == Io::ok;
         result = server.read(buffer, sizeof buffer)) {
      received.append(buffer, result.bytes);
    }
  }
  EXPECT_EQ(received, wanted);

  client.close_notify();
  server.socket_ready(false);
  EXPECT_EQ(server.read(buffer, sizeof buffer).state, Io::closed);
}

TEST_F(Tls, AnUnknownNameGetsNoHandshake) {
  TicketKeys tickets;
  ServerContext server_context(tickets);
  ClientContext client_context;
  Chooser chooser;
  chooser.pair = *ca_.issue(std::vector<std::string>{"a.test"});
  Ends ends;
  Session client(client_context, ends.fds[0], "b.test");
  Session server(server_context, ends.fds[1], chooser);
  EXPECT_EQ(shake(client, server), std::make_pair(Io::failed, Io::failed));
  EXPECT_NE(client.failure().find("unrecognized name"), std::string::npos) << client.failure();
}

TEST_F(Tls, AnUpstreamWithAnotherNameIsNotTrusted) {
  TicketKeys tickets;
  ServerContext server_context(tickets);
  ClientContext client_context;
  Chooser chooser;
  chooser.pair = *ca_.issue(std::vector<std::string>{"other.test"});
  Ends ends;
  Session client(client_context, ends.fds[0], "a.test");
  Session server(server_context, ends.fds[1], chooser);
  EXPECT_EQ(shake(client, server).first, Io::failed);
  EXPECT_NE(client.failure().find("hostname mismatch"), std::string::npos) << client.failure();
}

TEST(TicketKeys, RotateAndAreKeptForTwoRotations) {
  TicketKeys keys;
  const auto first = keys.current(0);
  EXPECT_EQ(keys.current(TicketKeys::kRotateMs - 1).name, first.name);
  const auto second = keys.current(TicketKeys::kRotateMs);
  EXPECT_NE(second.name, first.name);
  const auto old = keys.find(first.name.data(), TicketKeys::kRotateMs);
  ASSERT_TRUE(old);
  EXPECT_FALSE(old->current);
  EXPECT_TRUE(keys.find(second.name.data(), TicketKeys::kRotateMs)->current);
  keys.current(2 * TicketKeys::kRotateMs);
  keys.current(3 * TicketKeys::kRotateMs);
  EXPECT_FALSE(keys.find(first.name.data(), 3 * TicketKeys::kRotateMs));
}

}  // namespace
}  // namespace sluice::tls
