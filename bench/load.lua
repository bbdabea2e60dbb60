-- A mixed load for wrk: reads as pages make them, and changes that are taken back. bench/load.mjs
-- writes what it needs into the file that LOAD names: a request a line, method, path, headers and
-- body separated by tabs.
local requests = {}
local threads = {}

function setup(thread)
  thread:set("number", #threads + 1)
  table.insert(threads, thread)
end

function init()
  for line in io.lines(os.getenv("LOAD")) do
    local method, path, headers, body = line:match("^(.-)\t(.-)\t(.-)\t(.*)$")
    local given = {}
    for name, value in headers:gmatch("([^:;]+): ([^;]+)") do given[name] = value end
    table.insert(requests, wrk.format(method, path, given, body ~= "" and body or nil))
  end
  math.randomseed(os.time() + number)
  statuses, sent = {}, 0
end

function request()
  return requests[math.random(#requests)]
end

function response(status)
  if status ~= 200 then statuses[status] = (statuses[status] or 0) + 1 end
end

function done(summary, latency)
  local bad = {}
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses")) do bad[status] = (bad[status] or 0) + count end
  end
  local seconds = summary.duration / 1e6
  io.write(string.format("requests/s %.0f\n", summary.requests / seconds))
  io.write(string.format("median %.2f ms, 99th percentile %.2f ms, longest %.2f ms\n",
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
  local errors = summary.errors
  io.write(string.format("%d requests; errors: connect %d, read %d, write %d, timeout %d\n",
    summary.requests, errors.connect, errors.read, errors.write, errors.timeout))
  for status, count in pairs(bad) do io.write(string.format("status %d: %d\n", status, count)) end
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  for _, count in pairs(bad) do failed = failed + count end
  io.write(failed == 0 and "no error\n" or "ERRORS\n")
end
