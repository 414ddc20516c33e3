package crawl_test

import (
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/crawl"
)

// The cases follow RFC 9309 and google/robotstxt's robots_test.cc (Apache-2.0),
// put in our own words.
func TestRobotsByTheRFC(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		agent      string // default "foobot"
		allowed    []string
		forbidden  []string
	}{
		{name: "an empty file", file: "", allowed: []string{"/", "/x"}},
		{name: "a web page", file: "<html><body>User-agent is great: Disallow nothing</body></html>", allowed: []string{"/"}},
		{name: "everything", file: "user-agent: FooBot\ndisallow: /\n", forbidden: []string{"/", "/x/y", "/?a=b"}, allowed: []string{"/robots.txt"}},
		{name: "an empty disallow", file: "user-agent: FooBot\ndisallow:\n", allowed: []string{"/"}},
		{name: "spaces, comments, capitals", file: "  USER-AGENT :  FOOBOT # us\r\n\tDisAllow:\t/x # not this\r\n", forbidden: []string{"/x"}, allowed: []string{"/y", "/X"}},
		{name: "old line ends", file: "user-agent: foobot\rdisallow: /x\r", forbidden: []string{"/x"}},
		{name: "a byte order mark", file: "\ufeffuser-agent: foobot\ndisallow: /x\n", forbidden: []string{"/x"}},
		{name: "useragent in one word", file: "useragent: foobot\ndisallow: /x\n", forbidden: []string{"/x"}},
		{name: "a version after the token", file: "user-agent: foobot/2.1\ndisallow: /x\n", forbidden: []string{"/x"}},
		{name: "a group whose name ours begins with is another's", file: "user-agent: foo\ndisallow: /\n", allowed: []string{"/"}},
		{name: "a group whose name begins with ours is another's", file: "user-agent: foobotnews\ndisallow: /\n", allowed: []string{"/"}},
		{name: "several groups of ours are one", file: "user-agent: foobot\ndisallow: /a\n\nuser-agent: bar\ndisallow: /c\n\nuser-agent: FooBot\ndisallow: /b\n", forbidden: []string{"/a", "/b"}, allowed: []string{"/c"}},
		{name: "ours wins over all", file: "user-agent: *\ndisallow: /\n\nuser-agent: foobot\ndisallow: /x\n", forbidden: []string{"/x"}, allowed: []string{"/y"}},
		{name: "an empty group of ours wins over all", file: "user-agent: foobot\n\nuser-agent: *\ndisallow: /\n", forbidden: []string{"/y"}}, // the lines are one group
		{name: "ours without rules wins over all", file: "user-agent: *\ndisallow: /\n\nuser-agent: foobot\ndisallow:\n", allowed: []string{"/y"}},
		{name: "all, where none is ours", file: "user-agent: *\ndisallow: /x\n\nuser-agent: bar\ndisallow: /\n", forbidden: []string{"/x"}, allowed: []string{"/y"}},
		{name: "several agents in one group", file: "user-agent: bar\nuser-agent: foobot\ndisallow: /x\n", forbidden: []string{"/x"}},
		{name: "other lines do not end a group's agents", file: "user-agent: foobot\ncrawl-delay: 3\nsitemap: https://x/y\nuser-agent: bar\ndisallow: /\n", forbidden: []string{"/"}},
		{name: "rules before any agent", file: "disallow: /\n\nuser-agent: bar\ndisallow: /x\n", allowed: []string{"/", "/x"}},
		{name: "the longest rule wins", file: "user-agent: foobot\nallow: /x/page.html\ndisallow: /x/\n", forbidden: []string{"/x/", "/x/other"}, allowed: []string{"/x/page.html", "/x"}},
		{name: "in whatever order", file: "user-agent: foobot\ndisallow: /x/\nallow: /x/page.html\n", allowed: []string{"/x/page.html"}},
		{name: "allow wins a tie", file: "user-agent: foobot\ndisallow: /page\nallow: /page\n", allowed: []string{"/page"}},
		{name: "a longer wildcard wins", file: "user-agent: foobot\nallow: /page\ndisallow: /*.html\n", forbidden: []string{"/page.html"}, allowed: []string{"/page"}},
		{name: "and loses to a longer one", file: "user-agent: foobot\nallow: /x/page.\ndisallow: /*.html\n", allowed: []string{"/x/page.html"}, forbidden: []string{"/x/y.html"}},
		{name: "a prefix", file: "user-agent: foobot\ndisallow: /fish\n", forbidden: []string{"/fish", "/fish.html", "/fish/salmon", "/fishheads", "/fish?id=1"}, allowed: []string{"/Fish", "/catfish", "/?id=fish"}},
		{name: "a star at the end changes nothing", file: "user-agent: foobot\ndisallow: /fish*\n", forbidden: []string{"/fish", "/fishheads"}, allowed: []string{"/catfish"}},
		{name: "a folder", file: "user-agent: foobot\ndisallow: /fish/\n", forbidden: []string{"/fish/", "/fish/salmon"}, allowed: []string{"/fish", "/fish.html"}},
		{name: "a star in front", file: "user-agent: foobot\ndisallow: /*.php\n", forbidden: []string{"/index.php", "/a/b.php?x", "/.php", "/x.php5"}, allowed: []string{"/php", "/windows.PHP"}},
		{name: "an end", file: "user-agent: foobot\ndisallow: /*.php$\n", forbidden: []string{"/index.php"}, allowed: []string{"/index.php?x", "/index.php5"}},
		{name: "a star inside is anchored at the start", file: "user-agent: foobot\ndisallow: /fish*.php\n", forbidden: []string{"/fish.php", "/fishheads/catfish.php?x"}, allowed: []string{"/Fish.php", "/x/fish1.php"}},
		{name: "two stars", file: "user-agent: foobot\ndisallow: /a**b*c$\n", forbidden: []string{"/abc", "/axxbyycc"}, allowed: []string{"/acb", "/abcd"}},
		{name: "a lone star", file: "user-agent: foobot\ndisallow: *\n", forbidden: []string{"/", "/x"}},
		{name: "a lone end", file: "user-agent: foobot\ndisallow: /$\n", forbidden: []string{"/"}, allowed: []string{"/x"}},
		{name: "a literal dollar", file: "user-agent: foobot\ndisallow: /a$b\n", forbidden: []string{"/a$b", "/a%24bc"}, allowed: []string{"/a"}},
		{name: "escapes are compared whatever their case", file: "user-agent: foobot\ndisallow: /a%3cd\n", forbidden: []string{"/a%3Cd", "/a%3cd"}},
		{name: "letters beyond ASCII, escaped or not", file: "user-agent: foobot\ndisallow: /münchen\n", forbidden: []string{"/m%C3%BCnchen", "/m%c3%bcnchen/x", "/münchen"}},
		{name: "escapes of plain letters", file: "user-agent: foobot\ndisallow: /foo/%62%61%7A\n", forbidden: []string{"/foo/baz", "/foo/%62az"}},
		{name: "an escaped slash is not a slash", file: "user-agent: foobot\ndisallow: /a%2Fb\n", forbidden: []string{"/a%2fb"}, allowed: []string{"/a/b"}},
		{name: "a bad crawl-delay", file: "user-agent: foobot\ncrawl-delay: 1s\ndisallow: /x\n", forbidden: []string{"/x"}, allowed: []string{"/y"}},
		{name: "NUL and binary", file: "user-agent: foobot\x00\n\x00\xff\xfe\ndisallow: /x\xff\n", allowed: []string{"/x"}, forbidden: []string{"/x%FF"}},
		{name: "a full name of another kind", agent: "jobbot", file: "User-agent: jobbot\nDisallow: /\n", forbidden: []string{"/"}},
		{name: "a shorter name", agent: "jobbot", file: "User-agent: job\nDisallow: /\n", allowed: []string{"/"}},
		{name: "a name with a dash", agent: "foo-bot", file: "user-agent: foo-bot\ndisallow: /x\n", forbidden: []string{"/x"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			agent := tt.agent
			if agent == "" {
				agent = "foobot"
			}
			for _, path := range tt.allowed {
				if !crawl.RobotsAllow(tt.file, agent, path) {
					t.Errorf("%s is forbidden", path)
				}
			}
			for _, path := range tt.forbidden {
				if crawl.RobotsAllow(tt.file, agent, path) {
					t.Errorf("%s is allowed", path)
				}
			}
		})
	}
}

func TestRobotsCrawlDelay(t *testing.T) {
	for file, want := range map[string]time.Duration{
		"user-agent: *\ncrawl-delay: 2\n":                                    2 * time.Second,
		"user-agent: *\ncrawl-delay: 0.5\n":                                  500 * time.Millisecond,
		"user-agent: *\ncrawl-delay: -1\n":                                   0,
		"user-agent: *\ncrawl-delay: NaN\n":                                  0,
		"user-agent: *\ncrawl-delay: 1e300\n":                                0,
		"user-agent: *\ncrawl-delay: 9\n\nuser-agent: us\ncrawl-delay: 1\n":  time.Second,
		"user-agent: other\ncrawl-delay: 9\n\nuser-agent: *\ndisallow: /x\n": 0,
	} {
		if got := crawl.RobotsDelay(file, "us"); got != want {
			t.Errorf("%q: delay %s, want %s", file, got, want)
		}
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("user-agent: *\ndisallow: /*a*b*c$\ncrawl-delay: 1\n", "/aabbcc")
	f.Add("\ufeffUSERAGENT: jobcity\nallow: /%zz\ndisallow: *\n", "/%4")
	f.Add(strings.Repeat("user-agent: *\ndisallow: /"+strings.Repeat("*a", 50)+"\n", 20), "/"+strings.Repeat("a", 200))
	f.Fuzz(func(t *testing.T, file, path string) {
		allowed := crawl.RobotsAllow(file, "jobcity", path)
		if !allowed && !strings.Contains(strings.ToLower(file), "disallow") {
			t.Errorf("%q forbids %q without a disallow", file, path)
		}
		if crawl.RobotsDelay(file, "jobcity") < 0 {
			t.Errorf("%q: negative delay", file)
		}
	})
}
