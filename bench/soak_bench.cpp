// Memory over a month: soak_bench [DAYS [DOCUMENTS_A_DAY]], 30 and 300,000 unless given. Made-up documents
// run through the service's Pipeline (copies, stories and their merging, bursts, the measure, warnings) in
// simulated time, ticks and all. They are analysed by the generator, which knows what it has written. Its
// language drifts: a pool of 20,000 words of which 500 a day are new, and names that come with each event;
// events begin, get from one to thousands of documents and end, some in bursts of hours; there are reprints,
// replies to threads, hot-list entries, 2,000 schools, and rules that match. A person sets warnings aside
// after a day. Printed for each day: memory of the process, what of it the allocator has handed out, stories
// awake, open warnings, documents a second.
#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "bench/processor_time.h"
#include "service/knowledge.h"
#include "service/pipeline.h"
#include "tests/support/made_up_stream.h"

using namespace tingchao;
using tests::Written;

namespace {

double resident_mb() {
  std::ifstream in("/proc/self/statm");
  long size = 0, resident = 0;
  in >> size >> resident;
  return static_cast<double>(resident) * 4096 / 1e6;
}

double handed_out_mb() {
  const auto all = mallinfo2();
  return static_cast<double>(all.uordblks + all.hblkhd) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  const int days = argc > 1 ? std::atoi(argv[1]) : 30;
  const long a_day = argc > 2 ? std::atol(argv[2]) : 300'000;
  if (days < 1 || a_day < 1) return std::fprintf(stderr, "soak_bench [DAYS [DOCUMENTS_A_DAY]]\n"), 2;
  const auto measure = service::load_measure("");
  if (!measure) return std::fprintf(stderr, "the shipped measure does not load\n"), 1;
  service::Pipeline pipeline(*measure);
  tests::MadeUpStream writer;
  const Time begin = *parse_time("2026-03-01T00:00:00+08:00");
  Time tick = begin;
  long number = 0;
  std::size_t changes = 0;
  std::vector<double> resident{resident_mb()};
  std::printf("begin: %.0f MB\n", resident[0]);
  for (int day = 0; day < days; ++day) {
    double spent = 0;
    std::vector<Written> batch;
    for (long of_day = 0; of_day < a_day;) {
      batch.clear();
      for (; of_day < a_day && batch.size() < 1000; ++of_day, ++number) {
        const Time now = begin + std::chrono::hours{24 * day} + Seconds{of_day * 86'400 / a_day};
        batch.push_back(writer.next(number, now, day));
      }
      const double from = cpu_seconds();
      for (const Written& each : batch) {
        const Time now = each.document.fetched_at;
        for (; tick <= now; tick += std::chrono::minutes{1}) {
          changes += pipeline.tick(tick).size();
          if (tick.time_since_epoch() % std::chrono::hours{1} == Seconds{0})
            tests::set_aside(pipeline.warner(), **measure, tick);
        }
        changes += pipeline.take(each.document, each.analysis, now).raised.size();
        pipeline.warner().take_counts();
      }
      spent += cpu_seconds() - from;
    }
    resident.push_back(resident_mb());
    std::printf(
        "day %2d: %5.0f MB, handed out %5.0f MB, %6zu stories, %4zu open warnings, %7zu changes, %6.0f a "
        "second\n",
        day + 1, resident.back(), handed_out_mb(), pipeline.grouper().active(),
        pipeline.warner().open().size(), changes, static_cast<double>(a_day) / spent);
    std::fflush(stdout);
  }
  const auto growth = [&](std::size_t from) { return 100 * (resident.back() / resident[from] - 1); };
  for (const std::size_t from : {1, 8, 15})
    if (from < resident.size())
      std::printf("growth from the end of day %zu to the end of day %d: %.1f %%\n", from, days, growth(from));
}
