// What libraries keep for the life of the process and the leak checker cannot tell from a leak:
// fontconfig holds one pattern of the first picture that is drawn. Read by the sanitizer alone.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }
