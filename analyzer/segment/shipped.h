#pragma once
// What the program brings along for cutting words: jieba's dictionary (MIT), compiled when the program is
// built, and the border model of models/ (CC BY-SA 4.0). For the life of the process.

#include <string_view>

namespace tingchao::analyzer {

std::string_view shipped_words();    // for WordArray::open
std::string_view shipped_borders();  // for BorderWeights::parse

}  // namespace tingchao::analyzer
