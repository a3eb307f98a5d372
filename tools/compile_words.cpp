// compile_words DICT OUT: jieba's dictionary (word, count and class a line) as the segmenter's word array.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "analyzer/segment/word_array.h"
#include "core/utf8.h"

using namespace tingchao;
using namespace tingchao::analyzer;

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "compile_words DICT OUT\n"), 2;
  std::ifstream in(argv[1], std::ios::binary);
  if (!in)
    return std::fprintf(stderr, "compile_words: %s cannot be read; apt install python3-jieba\n", argv[1]), 1;
  const CharShapes& shapes = CharShapes::instance();
  std::vector<std::pair<std::u16string, double>> words;
  for (std::string line; std::getline(in, line);) {
    if (!is_utf8(line)) continue;
    const std::size_t end = line.find(' ');
    if (end == 0 || end == line.npos) continue;
    std::u16string word;
    for (std::size_t at = 0; at < end;)
      word.push_back(static_cast<char16_t>(shapes.of(next_char(line, at)).code));
    words.emplace_back(std::move(word), std::atof(line.c_str() + end));
  }
  if (words.size() < 100'000)
    return std::fprintf(stderr, "compile_words: %s holds only %zu words\n", argv[1], words.size()), 1;
  const std::string bytes = WordArray::compile(std::move(words));
  std::ofstream out(argv[2], std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return out.good() ? 0 : 1;
}
