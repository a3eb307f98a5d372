#pragma once
// Takes out of a text what would identify a private person, before anything is stored: phone, ID-card
// and bank-card numbers, e-mail, QQ and WeChat names, car plates, the numbers of home addresses. Each
// becomes '*' in place, so the sentence still reads and the number of characters stays. Pure.

#include <string>
#include <string_view>

namespace tingchao::analyzer {

// `text` valid UTF-8. Dates, times, document numbers, hotlines (110, 12345, 400-…) and the addresses of
// public places stay. Masking a masked text changes nothing.
std::string mask_text(std::string_view text);

}  // namespace tingchao::analyzer
