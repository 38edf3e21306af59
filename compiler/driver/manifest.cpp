#include "compiler/driver/manifest.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "compiler/driver/files.h"
#include "compiler/driver/version.h"
#include "compiler/plan/check.h"

namespace sluice::driver {
namespace {

using Json = nlohmann::ordered_json;

std::string content_hash(std::string_view bytes) {
  XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return fmt::format("xxh128:{:016x}{:016x}", hash.high64, hash.low64);
}

// "akko.sluice", "std/security": told from the source's own folder, so that two checkouts agree.
std::string name_of(const Project& project, SourceId id) {
  std::string path(project.sources.path(id));
  return path.starts_with("std/") ? path : relative_to(project.root, path);
}

// "akko.sluice:12"
std::string place(const Project& project, Span span) {
  if (!span.known()) return "default";
  return fmt::format("{}:{}", name_of(project, span.source),
                     project.sources.position(span.source, span.begin).line);
}

// The same for many spans: a source's name is made once.
class Places {
 public:
  explicit Places(const Project& project) : project_(project) {}
  std::string operator()(Span span) {
    if (!span.known()) return place(project_, span);
    std::string& name = names_[span.source];
    if (name.empty()) name = name_of(project_, span.source);
    return fmt::format("{}:{}", name, project_.sources.position(span.source, span.begin).line);
  }

 private:
  const Project& project_;
  std::map<SourceId, std::string> names_;
};

Json sources_of(const Project& project) {
  Json list = Json::array();
  for (SourceId id = 0; id < project.sources.size(); ++id) {
    list.push_back(
        {{"path", name_of(project, id)}, {"hash", content_hash(project.sources.text(id))}});
  }
  return list;
}

Json files_of(const Project& project, const emit::Artifacts& artifacts) {
  Json list = Json::array();
  Places place(project);
  for (const emit::Artifact& artifact : artifacts) {
    Json from = Json::array();
    for (Span origin : artifact.origins) {
      std::string at = place(origin);
      if (from.empty() || from.back() != at) from.push_back(std::move(at));
    }
    list.push_back(
        {{"path", artifact.path}, {"hash", content_hash(artifact.bytes)}, {"from", from}});
  }
  return list;
}

Json gaps_of(const Project& project, const plan::Plan& plan) {
  Json list = Json::array();
  for (const plan::Gap& gap : plan.gaps) {
    Json entry{{"feature", info(gap.feature).name}};
    if (gap.host) entry["host"] = *gap.host;
    entry["reason"] = gap.reason;
    entry["from"] = place(project, gap.at);
    list.push_back(std::move(entry));
  }
  return list;
}

Json partial_of(const Project& project, const plan::Plan& plan, const targets::Target& target) {
  Json list = Json::array();
  for (const plan::PartialNeed& partial : plan::partial_needs(plan, target.facts)) {
    list.push_back({{"feature", info(partial.need->feature).name},
                    {"differs", partial.differs},
                    {"from", place(project, partial.need->at)}});
  }
  return list;
}

}  // namespace

std::string render_manifest(const Project& project, const plan::Plan& plan,
                            const targets::Target& target, const emit::Artifacts& artifacts) {
  Json whole{{"sluice", kVersion},
             {"edition", kEdition},
             {"site", plan.site.name},
             {"target", target.facts.name},
             {"sources", sources_of(project)},
             {"gaps", gaps_of(project, plan)},
             {"partial", partial_of(project, plan, target)},
             {"files", files_of(project, artifacts)}};
  return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<std::string> files_of_manifest(const std::string& manifest) {
  std::vector<std::string> result;
  Json whole = Json::parse(manifest, nullptr, false);
  if (!whole.is_object() || !whole.contains("files") || !whole["files"].is_array()) return result;
  for (const Json& file : whole["files"]) {
    if (!file.is_object() || !file.contains("path") || !file["path"].is_string()) continue;
    std::filesystem::path path(file["path"].get<std::string>());
    std::filesystem::path normal = path.lexically_normal();
    if (normal.is_absolute() || normal.empty() || *normal.begin() == "..") continue;
    result.push_back(normal.generic_string());
  }
  return result;
}

}  // namespace sluice::driver
