#pragma once
// Evidence as WARC 1.1 (ISO 28500), which other tools read: one gzip member a record, SHA-256 digests,
// record ids that are the same each time the same page is exported. Pure: values in, bytes out.

#include <string>
#include <string_view>

#include "core/page.h"
#include "store/evidence.h"

namespace tingchao::service {

// The first record of a file. `id` makes its record id: the file's name, or what was asked for.
std::string warc_info(std::string_view id, std::string_view description, Time now);
// A metadata record a redirect, then the request (where its headers were kept) and the response.
std::string warc_page(const store::EvidenceEntry& entry, const Page& page);

}  // namespace tingchao::service
