// How fast the store takes documents in and finds words again: store_bench [DOCUMENTS]. Documents are made
// of common words at random, 2 KB each, 50 a commit, as a busy crawl would bring them.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "store/store.h"

using namespace tingchao;
using Clock_ = std::chrono::steady_clock;

namespace {

double seconds_since(Clock_::time_point begin) {
  return std::chrono::duration<double>(Clock_::now() - begin).count();
}

std::string text_of(std::mt19937& random) {
  static constexpr const char* words[] = {"学校", "食堂",   "家长", "孩子", "老师", "今天", "反映",
                                          "希望", "教育局", "处理", "通知", "开学", "收费", "退费",
                                          "培训", "机构",   "操场", "校车", "考试", "分班"};
  std::string text;
  while (text.size() < 2000) text += words[random() % std::size(words)];
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  const int documents = argc > 1 ? std::atoi(argv[1]) : 10'000;
  std::string directory = "/tmp/tingchao-bench-XXXXXX";
  if (!::mkdtemp(directory.data())) return 1;
  auto store = store::open(directory + "/b.db");
  if (!store) return 1;
  std::mt19937 random(1);
  const auto begin = Clock_::now();
  for (int i = 0; i < documents;) {
    store::Batch batch;
    for (int k = 0; k < 50 && i < documents; ++k, ++i) {
      store::StoredDocument& each = batch.documents.emplace_back();
      each.document.id = std::to_string(i);
      each.document.body = text_of(random);
      each.document.fetched_at = Time{Seconds{1'700'000'000 + i}};
      each.placement.story = "s";
    }
    if (!(*store)->commit(batch)) return 1;
  }
  const double taken = seconds_since(begin);
  std::printf("insert   %8.0f documents/s (%d of 2 KB, 50 a commit, synchronous=FULL)\n", documents / taken,
              documents);
  std::printf("file     %8.1f MB\n",
              static_cast<double>(std::filesystem::file_size(directory + "/b.db")) / 1e6);
  for (const char* word : {"食", "食堂", "食堂家长", "培训机构操场"}) {
    store::SearchQuery query;
    query.needles = {{word}};
    query.limit = 20;
    const auto asked = Clock_::now();
    const auto found = (*store)->search(query);
    if (!found) return 1;
    std::printf("search   %8.2f ms  newest %zu of %s\n", seconds_since(asked) * 1e3, found->size(), word);
  }
  std::filesystem::remove_all(directory);
}
