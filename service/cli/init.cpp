// init: a configuration of one's own, commented in Chinese, that `doctor` accepts as it stands.
#include <filesystem>

#include "service/cli/setup.h"
#include "service/files.h"
#include "service/resources.h"

namespace tingchao::service {

int run_init(const InitOptions& options, const Console& console) {
  const std::pair<const char*, const char*> files[] = {{"rules/init/tingchao.yaml", "tingchao.yaml"},
                                                       {"rules/init/schools.csv", "schools.csv"}};
  for (const auto& [resource_name, name] : files) {
    const std::string path = (std::filesystem::path(options.directory) / name).string();
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored) && !options.force)
      return console.error({Errc::bad_argument, path + " is there already",
                            "name another directory, or add --force to overwrite it"});
    const auto text = resource(resource_name);
    TINGCHAO_ASSERT(text.has_value());
    if (auto written = write_file(path, *text); !written) return console.error(written.error());
    console.line(path);
  }
  const std::string config = (std::filesystem::path(options.directory) / "tingchao.yaml").string();
  console.note("下一步：\n  1. 编辑 " + config +
               "：单位名称、辖区、邮件服务器、收件人、信源\n  2. tingchao doctor -c " + config +
               "\n  3. tingchao run -c " + config);
  return done;
}

}  // namespace tingchao::service
