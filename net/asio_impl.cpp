// The one place where Asio's and Beast's own code is compiled: every other file only declares it
// (BOOST_ASIO_SEPARATE_COMPILATION, BOOST_BEAST_SEPARATE_COMPILATION), which saves seconds a file.

#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
