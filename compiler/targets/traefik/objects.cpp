#include <algorithm>
#include <array>
#include <tuple>

#include "compiler/targets/traefik/context.h"
#include "runtime/base/check.h"

namespace sluice::targets::traefik {
namespace {

using emit::Yaml;

constexpr std::array<std::string_view, 3> kFolders = {"00-platform", "10-issuers", "20-site"};

// What must be there before what: a route applied before its Middleware is open for seconds.
int rank(std::string_view kind, bool guard) {
  static constexpr std::array<std::string_view, 7> kOrder = {
      "Service",   "EndpointSlice", "ServersTransport", "Middleware",
      "TLSOption", "TLSStore",      "Certificate"};
  for (size_t at = 0; at < kOrder.size(); ++at) {
    if (kOrder[at] == kind) return static_cast<int>(at);
  }
  return static_cast<int>(kOrder.size()) + (guard ? 0 : 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = (c >= 'A' && c <= 'Z') ? static_cast<char>(c + 32) : c;
  return result;
}

}  // namespace

Yaml& Objects::add(Folder folder, std::string_view api, std::string_view kind,
                   const std::string& name_space, const std::string& name, Span origin,
                   std::string_view why) {
  SLUICE_CHECK(names_.insert(std::string(kind) + "/" + name_space + "/" + name).second,
               "an object is made once");
  bool elsewhere = folder == Folder::site && name_space != *plan_.site.name_space;
  auto object = std::make_unique<Object>();
  object->folder = folder;
  object->rank =
      folder == Folder::site ? rank(kind, !why.empty()) : static_cast<int>(objects_.size());
  object->file = lower(kind) + "-" + (elsewhere ? name_space + "." : "") + name + ".yaml";
  object->why = why;
  object->origin = origin;
  Yaml& body = object->body;
  body["apiVersion"] = api;
  body["kind"] = kind;
  body["metadata"]["name"] = name;
  if (!name_space.empty()) body["metadata"]["namespace"] = name_space;
  body["metadata"]["labels"] =
      emit::map({{"app.kubernetes.io/managed-by", "sluice"}, {"sluice.dev/site", plan_.site.name}});
  objects_.push_back(std::move(object));
  return objects_.back()->body;
}

bool Objects::has(std::string_view kind, const std::string& name_space,
                  const std::string& name) const {
  return names_.contains(std::string(kind) + "/" + name_space + "/" + name);
}

emit::Artifacts Objects::artifacts() const {
  std::vector<const Object*> sorted;
  for (const auto& object : objects_) sorted.push_back(object.get());
  std::stable_sort(sorted.begin(), sorted.end(), [](const Object* a, const Object* b) {
    return std::tie(a->folder, a->rank, a->file) < std::tie(b->folder, b->rank, b->file);
  });
  emit::Artifacts result;
  std::array<Yaml, kFolders.size()> lists;
  for (const Object* object : sorted) {
    auto folder = static_cast<size_t>(object->folder);
    lists[folder].push(object->file);
    std::string path = std::string(kFolders[folder]) + "/" + object->file;
    result.push_back({path, emit::write(object->body, object->why), {object->origin}});
  }
  for (size_t folder = 0; folder < kFolders.size(); ++folder) {
    if (lists[folder].empty()) continue;
    Yaml kustomization =
        emit::map({{"apiVersion", "kustomize.config.k8s.io/v1beta1"}, {"kind", "Kustomization"}});
    kustomization["sortOptions"] = emit::map({{"order", "fifo"}});
    kustomization["resources"] = lists[folder];
    kustomization["resources"].comment(
        "In the order of need: what guards a route stands before it.");
    result.push_back({std::string(kFolders[folder]) + "/kustomization.yaml",
                      emit::write(kustomization),
                      {plan_.site.target.at}});
  }
  return result;
}

}  // namespace sluice::targets::traefik
