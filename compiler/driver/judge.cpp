#include "compiler/driver/judge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sluice::driver {
namespace {

using sema::Expectation;
using sema::ExpectKind;
using sema::HeaderTest;
using table::Decision;
using table::Outcome;

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

std::vector<std::string> values_of(const std::vector<table::HeaderField>& fields,
                                   std::string_view name) {
  std::vector<std::string> result;
  for (const table::HeaderField& field : fields) {
    if (same_name(field.name, name)) result.push_back(field.value);
  }
  return result;
}

std::string header_problem(const Expectation& expect,
                           const std::vector<table::HeaderField>& fields) {
  std::vector<std::string> values = values_of(fields, expect.name);
  switch (expect.header) {
    case HeaderTest::present:
      return values.empty() ? fmt::format("expected header {}, there is none", expect.name) : "";
    case HeaderTest::absent:
      return values.empty()
                 ? ""
                 : fmt::format("expected no header {}, got `{}`", expect.name, values[0]);
    case HeaderTest::is:
      break;
  }
  if (values.size() == 1 && values[0] == expect.text) return "";
  return fmt::format("expected header {} `{}`, got {}", expect.name, expect.text,
                     values.empty() ? "none" : fmt::format("`{}`", fmt::join(values, "`, `")));
}

bool acted(const Hop& hop, const std::string& group) {
  if (hop.decision.route == table::kNone) return false;
  const table::Table& table = *hop.site->table;
  for (std::string_view name : table::groups(table, table.routes()[hop.decision.route])) {
    if (name == group) return true;
  }
  return false;
}

bool is_redirect(const Decision& decision) {
  return decision.outcome == Outcome::redirect || !decision.location.empty();
}

// Empty: as expected. `hops` is not empty; the last hop gave the answer.
std::string problem(const Expectation& expect, const std::vector<Hop>& hops) {
  const Hop& last = hops.back();
  const Decision& decision = last.decision;
  auto got = [&] { return "got " + describe(last); };
  switch (expect.kind) {
    case ExpectKind::upstream: {
      bool right = decision.outcome == Outcome::proxy && !decision.pool.empty();
      for (const table::PoolChoice& choice : decision.pool) {
        const std::string& object = last.site->plan->upstreams[choice.upstream].object;
        right = right && std::find(expect.values.begin(), expect.values.end(), object) !=
                             expect.values.end();
      }
      return right ? "" : fmt::format("expected upstream {}, {}", expect.text, got());
    }
    case ExpectKind::status: {
      // An upstream's answer is its own; a test may only expect what the edge decides.
      return decision.status == expect.code
                 ? ""
                 : fmt::format("expected status {}, {}", expect.code, got());
    }
    case ExpectKind::redirect: {
      bool right = is_redirect(decision) &&
                   (expect.text.empty() || decision.location == expect.text) &&
                   (expect.code == 0 || decision.status == expect.code);
      return right ? "" : fmt::format("expected redirect {}, {}", expect.text, got());
    }
    case ExpectKind::path: {
      std::string path = decision.upstream_target.substr(0, decision.upstream_target.find('?'));
      bool right = decision.outcome == Outcome::proxy && path == expect.text;
      return right ? "" : fmt::format("expected path {}, {}", expect.text, got());
    }
    case ExpectKind::header: {
      for (const Hop& hop : hops) {
        if (header_problem(expect, hop.decision.answer_headers).empty() !=
            (expect.header == HeaderTest::absent)) {
          return expect.header == HeaderTest::absent
                     ? header_problem(expect, hop.decision.answer_headers)
                     : "";
        }
      }
      return expect.header == HeaderTest::absent ? ""
                                                 : header_problem(expect, decision.answer_headers);
    }
    case ExpectKind::upstream_header:
      if (decision.outcome != Outcome::proxy) return "expected a request to an upstream, " + got();
      return header_problem(expect, decision.upstream_headers);
    case ExpectKind::certificate: {
      for (const Hop& hop : hops) {
        uint32_t id = hop.decision.certificate;
        if (id != table::kNone && hop.site->plan->certificates[id].object == expect.text) return "";
      }
      return fmt::format("expected certificate {}, it was not shown", expect.text);
    }
    case ExpectKind::middleware:
    case ExpectKind::no_middleware: {
      bool any = std::any_of(hops.begin(), hops.end(),
                             [&](const Hop& hop) { return acted(hop, expect.text); });
      if (any == (expect.kind == ExpectKind::middleware)) return "";
      return any ? fmt::format("expected no middleware {}, it acts", expect.text)
                 : fmt::format("expected middleware {}, it does not act", expect.text);
    }
    case ExpectKind::refused: {
      bool right = decision.outcome == Outcome::tls_refused ||
                   (decision.outcome == Outcome::refuse && decision.status >= 400);
      return right ? "" : "expected a refusal, " + got();
    }
  }
  return {};
}

}  // namespace

table::Request to_request(const sema::PlannedRequest& request) {
  table::Request result;
  result.listener =
      request.scheme == plan::Scheme::https ? table::Scheme::https : table::Scheme::http;
  if (auto peer = table::parse_address(request.peer)) result.peer = *peer;
  result.method = request.method;
  result.target = request.target;
  result.headers.push_back({"Host", request.host});
  for (const sema::TestHeader& header : request.headers) {
    result.headers.push_back({header.name, header.value});
  }
  result.server_name = request.host;
  return result;
}

std::vector<std::string> upstream_names(const Hop& hop) {
  std::vector<std::string> names;
  for (const table::PoolChoice& choice : hop.decision.pool) {
    const plan::Upstream& upstream = hop.site->plan->upstreams[choice.upstream];
    std::string name = upstream.written.value_or(upstream.object);
    if (hop.decision.pool.size() > 1) name += fmt::format(" {}%", choice.weight / 100.0);
    names.push_back(std::move(name));
  }
  return names;
}

std::string describe(const Hop& hop) {
  const Decision& decision = hop.decision;
  switch (decision.outcome) {
    case Outcome::tls_refused:
      return "no handshake: no certificate for the name";
    case Outcome::refuse:
      return fmt::format("{}: {}", decision.status, table::describe(decision.reason));
    case Outcome::respond:
      return fmt::format("{} by respond", decision.status);
    case Outcome::redirect:
      return fmt::format("{} to {}", decision.status, decision.location);
    case Outcome::acme:
      return "the answer to an ACME challenge";
    case Outcome::proxy:
      break;
  }
  if (decision.front != table::kNone) {
    return fmt::format("handed on to site {}", hop.site->plan->fronts[decision.front].inner);
  }
  return fmt::format("upstream {} (path {})", fmt::join(upstream_names(hop), ", "),
                     decision.upstream_target);
}

std::vector<Failure> judge(const sema::PlannedRequest& request, const std::vector<Hop>& hops) {
  std::vector<Failure> failures;
  for (const Expectation& expect : request.expects) {
    std::string text = problem(expect, hops);
    if (!text.empty()) failures.push_back({std::move(text), expect.at});
  }
  return failures;
}

}  // namespace sluice::driver
