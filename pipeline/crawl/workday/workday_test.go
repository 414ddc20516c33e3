package workday_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/crawl/workday"
)

const jobPath = "/job/Berlin/Platform-Engineer_JR-1001"

var (
	acme  = source.Board{Source: "workday", Board: "acme/External", BaseURL: "https://{board}.myworkdayjobs.com", Options: map[string]string{"instance": "wd5"}}
	today = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
)

func TestDecode(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			postings, bad, err := workday.Decode(body, acme, jobPath, today)
			crawltest.Golden(t, strings.TrimSuffix(file, ".json")+".golden", postings, bad, err)
		})
	}
}

func TestTheBoardsOwnEmployerWins(t *testing.T) {
	b := acme
	b.Employer = "Acme Inc."
	postings, _, err := workday.Decode([]byte(`{"jobPostingInfo":{"title":"x"}}`), b, jobPath, today)
	if err != nil || len(postings) != 1 || postings[0].Employer != "Acme Inc." {
		t.Errorf("got %+v, %v", postings, err)
	}
}

func TestAddresses(t *testing.T) {
	for _, tt := range []struct {
		name        string
		baseURL     string
		options     map[string]string
		start, home string
	}{
		{"an instance", acme.BaseURL, acme.Options, "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/External/jobs", "https://acme.wd5.myworkdayjobs.com/External"},
		{"a host that tenants share", acme.BaseURL, map[string]string{"host": "wd1.myworkdaysite.com"}, "https://wd1.myworkdaysite.com/wday/cxs/acme/External/jobs", "https://wd1.myworkdaysite.com/recruiting/acme/External"},
		{"a server that stands in for all", "http://127.0.0.1:9000", acme.Options, "http://127.0.0.1:9000/wday/cxs/acme/External/jobs", "https://acme.wd5.myworkdayjobs.com/External"},
		{"one with the tenant in its name", "http://{board}.test", acme.Options, "http://acme.test/wday/cxs/acme/External/jobs", "https://acme.wd5.myworkdayjobs.com/External"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := source.Board{Source: "workday", Board: "acme/External", BaseURL: tt.baseURL, Options: tt.options}
			if got := workday.Source().Start(b); got != tt.start {
				t.Errorf("starts at %s, want %s", got, tt.start)
			}
			if got := workday.Source().Home(b); got != tt.home {
				t.Errorf("home is %s, want %s", got, tt.home)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name, board, option, value, want string
	}{
		{"an instance", "acme/External_Career-Site", "instance", "wd103", ""},
		{"a host", "acme/External", "host", "wd1.myworkdaysite.com", ""},
		{"neither", "acme/External", "", "", "instance: missing"},
		{"no site", "acme", "instance", "wd5", "board: must be tenant/site"},
		{"a language in between", "acme/en-US/External", "instance", "wd5", "board: must be tenant/site"},
		{"an instance with more", "acme/External", "instance", "wd5.evil.example/", "instance: must be the wd5"},
		{"a host with a path", "acme/External", "host", "evil.example/x", "host: must be the name of a host"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := source.Board{Source: "workday", Board: tt.board, Options: map[string]string{}}
			if tt.option != "" {
				b.Options[tt.option] = tt.value
			}
			err := workday.Source().Check(b)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestAgo(t *testing.T) {
	for _, tt := range []struct {
		text  string
		day   string
		exact bool
	}{
		{"Posted Today", "2026-11-25", true},
		{"Posted Yesterday", "2026-11-24", true},
		{"Posted 3 Days Ago", "2026-11-22", true},
		{"Posted 30 Days Ago", "2026-10-26", true},
		{"Posted 30+ Days Ago", "2026-10-26", false},
		{"posted more than 30 days ago", "2026-10-26", false},
		{"Heute ausgeschrieben", "2026-11-25", true},
		{"Gestern ausgeschrieben", "2026-11-24", true},
		{"Vor 3 Tagen ausgeschrieben", "2026-11-22", true},
		{"vor 1 Tag", "2026-11-24", true},
		{"Vor mehr als 30 Tagen ausgeschrieben", "2026-10-26", false},
		{"Publié aujourd'hui", "2026-11-25", true},
		{"Publié aujourd’hui", "2026-11-25", true},
		{"Publié hier", "2026-11-24", true},
		{"Publié il y a 3 jours", "2026-11-22", true},
		{"Publié il y a plus de 30 jours", "2026-10-26", false},
		{"Publicado hoy", "2026-11-25", true},
		{"Publicado ayer", "2026-11-24", true},
		{"Publicado hace 3 di\u0301as", "2026-11-22", true},
		{"Publicado hace más de 30 días", "2026-10-26", false},
		{"Pubblicato oggi", "2026-11-25", true},
		{"Pubblicato 3 giorni fa", "2026-11-22", true},
		{"Publicado há 3 dias", "2026-11-22", true},
		{"Publicado ontem", "2026-11-24", true},
		{"3 dagen geleden geplaatst", "2026-11-22", true},
		{"Vandaag geplaatst", "2026-11-25", true},
		{"Publicerad för 3 dagar sedan", "2026-11-22", true},
		{"Slået op i går", "2026-11-24", true},
		{"Lagt ut for 3 dager siden", "2026-11-22", true},
		{"Julkaistu 3 päivää sitten", "2026-11-22", true},
		{"Opublikowano 3 dni temu", "2026-11-22", true},
		{"Opublikowano ponad 30 dni temu", "2026-10-26", false},
		{"Zveřejněno včera", "2026-11-24", true},
		{"3 napja közzétéve", "2026-11-22", true},
		{"Publicat acum 3 zile", "2026-11-22", true},
		{"3 gün önce yayınlandı", "2026-11-22", true},
		{"Опубликовано 3 дня назад", "2026-11-22", true},
		{"Δημοσιεύτηκε πριν από 3 ημέρες", "2026-11-22", true},
		{"פורסם לפני 3 ימים", "2026-11-22", true},
		{"تم النشر منذ 3 أيام", "2026-11-22", true},
		{"Đã đăng 3 ngày trước", "2026-11-22", true},
		{"ประกาศเมื่อ 3 วันที่ผ่านมา", "2026-11-22", true},
		{"3日前に掲載", "2026-11-22", true},
		{"30日以上前に掲載", "2026-10-26", false},
		{"本日掲載", "2026-11-25", true},
		{"3 天前发布", "2026-11-22", true},
		{"30+ 天前发布", "2026-10-26", false},
		{"昨天发布", "2026-11-24", true},
		{"3일 전에 게시됨", "2026-11-22", true},
		{"오늘 게시됨", "2026-11-25", true},
		{"", "", false},
		{"Posted", "", false},
		{"Posted 2 Weeks Ago", "", false},
		{"Posted 5 Hours Ago", "", false},
		{"Posted 1 Month Ago", "", false},
		{"Posted 03/04/2026", "", false},
		{"Posted 99999999999999999999 Days Ago", "", false},
		{"today or yesterday", "", false},
		{"Klingon 3 jajmey", "", false},
	} {
		t.Run(tt.text, func(t *testing.T) {
			if day, exact := workday.Ago(tt.text, today); day != tt.day || exact != tt.exact {
				t.Errorf("got %q, exact %v; want %q, %v", day, exact, tt.day, tt.exact)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"full", "wrong_types", "relative_date"} {
		body, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		postings, bad, err := workday.Decode(body, acme, jobPath, today)
		crawltest.Properties(t, acme, postings, bad, err)
	})
}

func FuzzAgo(f *testing.F) {
	for _, text := range []string{"Posted 30+ Days Ago", "3日前に掲載", "昨天发布", "Publié aujourd'hui"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		day, exact := workday.Ago(text, today)
		if day > today.Format(time.DateOnly) || day == "" && exact || day != source.Day(day) {
			t.Errorf("%q is %q, exact %v", text, day, exact)
		}
	})
}

func TestDecodeSaved(t *testing.T) {
	saved := func(address string) string {
		return `{"jobPostingInfo":{"title":"Engineer","startDate":"2026-02-28","postedOn":"Posted 3 Days Ago","externalUrl":"` + address + `"}}`
	}
	for _, tt := range []struct{ name, body, board, want, wantError string }{
		{"the address says which it is", saved("https://acme.wd5.myworkdayjobs.com/External/job/Berlin/Engineer_JR-1"), "", "acme/External JR-1 2026-02-28", ""},
		{"a language in it", saved("https://acme.wd5.myworkdayjobs.com/en-US/External/job/Berlin/Engineer_JR-1"), "", "acme/External JR-1 2026-02-28", ""},
		{"a host that tenants share", saved("https://wd1.myworkdaysite.com/recruiting/acme/External/job/Berlin/Engineer_JR-1"), "", "acme/External JR-1 2026-02-28", ""},
		{"the board is given", saved("https://careers.acme.example/x/job/Berlin/Engineer_JR-1"), "acme/External", "acme/External JR-1 2026-02-28", ""},
		{"no address", saved(""), "", "", "externalUrl: missing"},
		{"an address of something else", saved("https://acme.wd5.myworkdayjobs.com/External"), "", "", "not the address of a posting"},
		{"no title", `{"jobPostingInfo":{"externalUrl":"https://acme.wd5.myworkdayjobs.com/External/job/Berlin/Engineer_JR-1"}}`, "", "", "posting JR-1: field title: missing"},
		{"a list", `{"jobPostings":[]}`, "", "", `has no "jobPostingInfo"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := workday.DecodeSaved([]byte(tt.body), tt.board)
			if tt.wantError != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantError) {
					t.Errorf("got %+v and error %v, want %q", p, err, tt.wantError)
				}
				return
			}
			if got := p.Board + " " + p.NativeID + " " + p.PostedOn; err != nil || got != tt.want {
				t.Errorf("got %q and error %v, want %q", got, err, tt.want)
			}
		})
	}
}
