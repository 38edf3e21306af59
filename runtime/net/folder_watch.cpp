#include "runtime/net/folder_watch.h"

#include "runtime/net/uv_handle.h"

namespace sluice::net {

struct FolderWatch::State {
  State(Loop& l, std::string n, std::function<void()> f)
      : loop(l), name(std::move(n)), call(std::move(f)), handle(this) {}
  ~State() { loop.touched(); }
  Loop& loop;
  std::string name;
  std::function<void()> call;
  UvHandle<uv_fs_event_t, State> handle;
};

FolderWatch::FolderWatch(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
FolderWatch::~FolderWatch() = default;

Result<std::unique_ptr<FolderWatch>> FolderWatch::start(Loop& loop, const std::string& file,
                                                        std::function<void()> call) {
  const size_t slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
  auto state = std::make_unique<State>(
      loop, slash == std::string::npos ? file : file.substr(slash + 1), std::move(call));
  int error = uv_fs_event_init(loop.uv(), state->handle.get());
  if (error == 0) {
    state->handle.initialised();
    error = uv_fs_event_start(
        state->handle.get(),
        [](uv_fs_event_t* handle, const char* name, int, int) noexcept {
          State* self = UvHandle<uv_fs_event_t, State>::owner(handle);
          if (self && (!name || self->name == name)) self->call();
        },
        folder.c_str(), 0);
  }
  loop.touched();
  if (error != 0) return Error{ErrorCode::io, "cannot watch " + folder + ": " + uv_strerror(error)};
  return std::unique_ptr<FolderWatch>(new FolderWatch(std::move(state)));
}

}  // namespace sluice::net
