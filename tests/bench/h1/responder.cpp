// responder PORT [BYTES]: the upstream of every proxy measured here; as little of it as there can
// be. One epoll loop; a request is whatever ends in a blank line (no bodies); the answer is always
// the same BYTES (1,024) of text, kept alive. `GET /echo` is answered by the head as it came, so
// that a benchmark can see what a proxy sent.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Client {
  std::string in;   // an unfinished head
  std::string out;  // what the socket would not take yet
};

std::string answer(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

void serve(Client& client, std::string_view usual) {
  size_t from = 0;
  for (size_t end; (end = client.in.find("\r\n\r\n", from)) != std::string::npos; from = end + 4) {
    std::string_view head = std::string_view(client.in).substr(from, end + 4 - from);
    client.out += head.starts_with("GET /echo ") ? answer(head) : std::string_view(usual);
  }
  client.in.erase(0, from);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: responder PORT [BYTES]\n", stderr);
    return 2;
  }
  std::string usual = answer(std::string(argc > 2 ? std::atoi(argv[2]) : 1024, 'x'));
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(std::atoi(argv[1])));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, 4096) != 0) {
    std::perror("responder");
    return 1;
  }
  int poll = epoll_create1(0);
  auto watch = [&](int fd, int operation, uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    epoll_ctl(poll, operation, fd, &event);
  };
  watch(listener, EPOLL_CTL_ADD, EPOLLIN);
  std::vector<std::unique_ptr<Client>> clients(1 << 17);
  char chunk[65536];
  epoll_event events[256];
  for (;;) {
    int ready = epoll_wait(poll, events, 256, -1);
    for (int i = 0; i < ready; ++i) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        for (int fresh; (fresh = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
          if (static_cast<size_t>(fresh) >= clients.size()) {
            close(fresh);
            continue;
          }
          setsockopt(fresh, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
          clients[fresh] = std::make_unique<Client>();
          watch(fresh, EPOLL_CTL_ADD, EPOLLIN);
        }
        continue;
      }
      Client& client = *clients[fd];
      bool gone = false;
      if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got > 0) {
          client.in.append(chunk, static_cast<size_t>(got));
          serve(client, usual);
        } else {
          gone = got == 0 || errno != EAGAIN;
        }
      }
      if (!gone && !client.out.empty()) {
        ssize_t put = write(fd, client.out.data(), client.out.size());
        if (put < 0 && errno != EAGAIN) {
          gone = true;
        } else {
          bool was_waiting = events[i].events & EPOLLOUT;
          if (put > 0) client.out.erase(0, static_cast<size_t>(put));
          if (!client.out.empty() || was_waiting)
            watch(fd, EPOLL_CTL_MOD, client.out.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT);
        }
      }
      if (gone) {
        close(fd);
        clients[fd].reset();
      }
    }
  }
}
