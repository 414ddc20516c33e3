"""The other side of BenchmarkSitePages: what one writes in Scrapy to read the
JobPostings of a site by its sitemap.

    scrapy runspider spider.py -a sitemap=http://127.0.0.1:8098/sitemap.xml
"""
import json

from scrapy.spiders import SitemapSpider


class Postings(SitemapSpider):
    name = "postings"
    custom_settings = {"LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "TELNETCONSOLE_ENABLED": False}

    def __init__(self, sitemap, *args, **kwargs):
        self.sitemap_urls = [sitemap]
        super().__init__(*args, **kwargs)

    def parse(self, response):
        for script in response.css('script[type="application/ld+json"]::text').getall():
            node = json.loads(script)
            if node.get("@type") == "JobPosting":
                yield {"id": response.url, "title": node["title"], "text": node["description"], "posted_on": node["datePosted"]}

    def closed(self, reason):
        print("pages", self.crawler.stats.get_value("item_scraped_count", 0))
