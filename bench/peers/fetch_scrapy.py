#!/usr/bin/python3
"""fetch_scrapy.py PREFIX PAGES AT_ONCE: fetches PREFIX0 … with Scrapy, nothing switched on that Tingchao's bench leaves out."""
import sys
import time

import scrapy
from scrapy.crawler import CrawlerProcess

prefix, pages, at_once = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
got = {"pages": 0, "bytes": 0, "begin": 0.0, "end": 0.0}


class Fetch(scrapy.Spider):
    name = "fetch"

    def start_requests(self):
        got["begin"] = time.perf_counter()
        for i in range(pages):
            yield scrapy.Request(prefix + str(i), dont_filter=True)

    def parse(self, response):
        got["pages"] += 1
        got["bytes"] += len(response.body)
        got["end"] = time.perf_counter()


process = CrawlerProcess({"CONCURRENT_REQUESTS": at_once, "CONCURRENT_REQUESTS_PER_DOMAIN": at_once,
                          "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "RETRY_ENABLED": False,
                          "COOKIES_ENABLED": False, "REQUEST_FINGERPRINTER_IMPLEMENTATION": "2.7"})
process.crawl(Fetch)
process.start()
print(got["pages"], got["bytes"], got["end"] - got["begin"])
