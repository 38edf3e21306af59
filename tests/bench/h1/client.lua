-- wrk's script: GET of a small page, spread over HOSTS hosts (the first argument after `--`), made once.
-- At the end one line of JSON says what wrk counted.
local requests, count, at = {}, 0, 0

function init(args)
  local hosts = tonumber(args[1]) or 1
  for i = 0, hosts - 1 do
    -- A fixed walk through all hosts, so that neighbours in the table are not neighbours in time.
    local host = (i * 7919) % hosts
    requests[#requests + 1] = wrk.format("GET", "/products/4711?tab=reviews", {
      ["Host"] = "h" .. host .. ".bench.example",
      ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
      ["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
      ["Accept-Language"] = "en-US,en;q=0.5",
      ["Accept-Encoding"] = "gzip, deflate, br",
      ["Cookie"] = "session=8c7f1f0e5b6a4d2f9a3e; theme=dark",
    })
  end
  count = #requests
end

function request()
  at = at % count + 1
  return requests[at]
end

function done(summary, latency)
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d,"p50_us":%d,"p99_us":%d}\n',
    summary.requests, summary.duration / 1e6, summary.errors.connect, summary.errors.read, summary.errors.write,
    summary.errors.status, summary.errors.timeout, latency:percentile(50), latency:percentile(99)))
end
