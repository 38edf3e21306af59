#include "compiler/plan/dump.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "compiler/plan/fields.h"

namespace sluice::plan {
namespace {

using Json = nlohmann::ordered_json;

// ---------------------------------------------------------------- as JSON
class Printer {
 public:
  explicit Printer(const Plan& plan) : plan_(plan) {}

  template <class T>
  Json operator()(const Field<T>& x) const {
    return (*this)(x.peek());
  }
  template <class T>
  Json operator()(const std::optional<T>& x) const {
    return x ? (*this)(*x) : Json(nullptr);
  }
  template <class T>
  Json operator()(const std::vector<T>& x) const {
    Json list = Json::array();
    for (const T& one : x) list.push_back((*this)(one));
    return list;
  }
  // {"Pool": {…}}; an id, which names itself, stands bare.
  template <class... T>
  Json operator()(const std::variant<T...>& x) const {
    return std::visit([&](const auto& one) { return alternative(one); }, x);
  }
  template <class T>
  Json operator()(const T& x) const {
    if constexpr (std::is_enum_v<T>) {
      return word(x);
    } else if constexpr (std::is_arithmetic_v<T> || std::is_convertible_v<T, std::string_view>) {
      return x;
    } else {
      Json object = Json::object();
      auto put = [&](std::string_view name, const auto& member) {
        object[std::string(name)] = (*this)(member);
      };
      fields(put, x);
      return object;
    }
  }
  Json operator()(const HostPattern& x) const { return to_string(x); }
  Json operator()(FeatureId x) const { return info(x).name; }
  Json operator()(UpstreamId x) const { return plan_[x].object; }
  Json operator()(PolicyId x) const { return plan_[x].object; }
  Json operator()(CertificateId x) const { return plan_[x].object; }
  Json operator()(IssuerId x) const { return plan_[x].name; }
  Json operator()(SecretId x) const { return plan_[x].name; }
  Json operator()(FrontId x) const { return "front " + plan_[x].inner; }
  Json operator()(HostId x) const { return to_string(plan_[x].pattern.peek()); }

 private:
  template <class T>
  Json alternative(const T& x) const {
    Json object = Json::object();
    object[std::string(name_of(x))] = (*this)(x);
    return object;
  }
  template <class T>
  Json alternative(const std::vector<T>& x) const {
    return (*this)(x);
  }
  template <class Tag>
  Json alternative(const Id<Tag>& x) const {
    return (*this)(x);
  }

  const Plan& plan_;
};

// ---------------------------------------------------------------- what nobody read
class Ledger {
 public:
  template <class T>
  void look(std::string_view owner, std::string_view name, const Field<T>& x) {
    if (!x.was_read()) unread_.push_back(std::string(owner) + "." + std::string(name));
    look(owner, name, x.peek());
  }
  template <class T>
  void look(std::string_view owner, std::string_view name, const std::optional<T>& x) {
    if (x) look(owner, name, *x);
  }
  template <class T>
  void look(std::string_view owner, std::string_view name, const std::vector<T>& x) {
    for (const T& one : x) look(owner, name, one);
  }
  template <class... T>
  void look(std::string_view owner, std::string_view name, const std::variant<T...>& x) {
    std::visit([&](const auto& one) { look(owner, name, one); }, x);
  }
  template <class Tag>
  void look(std::string_view, std::string_view, const Id<Tag>&) {}
  void look(std::string_view, std::string_view, const HostPattern&) {}
  template <class T>
  void look(std::string_view, std::string_view, const T& x) {
    if constexpr (std::is_class_v<T> && !std::is_convertible_v<T, std::string_view>) {
      std::string_view owner = name_of(x);
      auto into = [&](std::string_view name, const auto& member) { look(owner, name, member); };
      fields(into, x);
    }
  }
  std::vector<std::string> take() {
    std::sort(unread_.begin(), unread_.end());
    unread_.erase(std::unique(unread_.begin(), unread_.end()), unread_.end());
    return std::move(unread_);
  }

 private:
  std::vector<std::string> unread_;
};

}  // namespace

std::string dump(const Plan& plan) {
  return Printer(plan)(plan).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<std::string> unread_fields(const Plan& plan) {
  Ledger ledger;
  ledger.look("", "", plan);
  return ledger.take();
}

}  // namespace sluice::plan
