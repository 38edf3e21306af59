// The `test` blocks of a source with everything resolved, one for each way in that they run at
// (D45, D46). A test without `site` runs at every outermost site that serves the hosts it asks; one
// that says `site` runs there, entering at the site in front of it unless its requests say `from`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/model/model.h"
#include "compiler/plan/plan.h"

namespace sluice::sema {

struct TestHeader {
  std::string name, value;
  Span at;  // unknown: added for a foreign edge
};

enum class ExpectKind : uint8_t {
  upstream,         // values: objects of plan::Upstream at the last hop, any of which is right
  status,           // code
  redirect,         // text: the Location; code: the status, 0 when any redirect will do
  path,             // text: the path that the upstream sees
  header,           // of the answer: name; text, or present/absent
  upstream_header,  // of the request as sent to the upstream: likewise
  certificate,      // text: plan::Certificate::object at the hop that ends TLS
  middleware,       // text: a name of plan::Policy::groups in the chain of the route
  no_middleware,
  refused,  // 4xx by a guard, a failed handshake, or a closed connection
};
enum class HeaderTest : uint8_t { is, present, absent };
struct Expectation {
  ExpectKind kind = ExpectKind::status;
  std::string name;
  std::string text;
  std::vector<std::string> values;
  uint16_t code = 0;
  HeaderTest header = HeaderTest::is;
  Span at;
};

struct PlannedRequest {
  std::string method;
  std::string url;  // as written, `${}` read
  plan::Scheme scheme = plan::Scheme::https;
  std::string host;                 // lower case, A-labels, without port
  std::string target;               // path and query, begins with /
  std::string peer;                 // the TCP peer: `from`, or one of a foreign edge, or a client's
  std::vector<TestHeader> headers;  // those written, then those a foreign edge adds
  std::vector<Expectation> expects;
  Span at;
};

struct PlannedTest {
  std::string name;
  std::vector<std::string>
      hops;  // the sites on the request's way: the first is asked, the last answers
  std::vector<PlannedRequest> requests;
  Span at;
};

// `plans` are all sites of the model, in any order.
std::vector<PlannedTest> plan_tests(const model::Model& model,
                                    const std::vector<const plan::Plan*>& plans, diag::Sink& diags);

}  // namespace sluice::sema
