#include "crawler/extract.h"
#include "core/utf8.h"
#include "crawler/extract/article.h"
namespace tingchao::crawler {
}
