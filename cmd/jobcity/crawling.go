package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"jobcity/configs"
	"jobcity/pipeline/crawl"
)

// defaultBoards is the file of boards in the working folder.
const defaultBoards = "boards.yaml"

// boardsFlag names the file of boards.
type boardsFlag struct {
	Boards string `type:"existingfile" placeholder:"FILE" env:"JOBCITY_BOARDS" help:"The boards to crawl; default boards.yaml in the working folder, if there is one."`
}

// contactFlag says who asks.
type contactFlag struct {
	Contact string `placeholder:"ADDRESS" env:"JOBCITY_CRAWL_CONTACT" help:"Your e-mail address or page, for the owners of the sites; sent in the User-Agent. Default crawl.contact."`
}

// crawlFlags are what the commands that crawl share.
type crawlFlags struct {
	boardsFlag
	contactFlag
}

// crawlConfig is the crawler's configuration with what the flag says.
func (f contactFlag) crawlConfig(e *env) (crawl.Config, error) {
	cfg, err := e.config()
	if err != nil {
		return crawl.Config{}, err
	}
	cfg.Crawl.Version = version
	if f.Contact != "" {
		cfg.Crawl.Contact = f.Contact
		if err := cfg.Crawl.Validate(); err != nil {
			return crawl.Config{}, usageError{fmt.Errorf("--contact: %w", err)}
		}
	}
	return cfg.Crawl, nil
}

// boardList is a list of boards and the file it came from.
type boardList struct {
	boards  []crawl.Board
	name    string
	shipped bool // jobcity's own list, unchanged
}

// loadBoards reads file; without one, boards.yaml if it is there.
func loadBoards(file string) (boardList, error) {
	l := boardList{name: file}
	if file == "" {
		l.name = defaultBoards
	}
	text, err := os.ReadFile(l.name)
	if errors.Is(err, os.ErrNotExist) && file == "" {
		return l, nil
	}
	if err != nil {
		return l, fmt.Errorf("boards: %w", err)
	}
	l.shipped = bytes.Equal(bytes.TrimSpace(text), bytes.TrimSpace(configs.Boards()))
	l.boards, err = crawl.ParseBoards(filepath.Base(l.name), bytes.NewReader(text))
	return l, err
}

// plan is what a process crawls, decided before it opens anything.
type plan struct {
	boardList
	cfg crawl.Config
}

// plan decides what is crawled. A file of boards is the user's word, unless it is
// jobcity's own list: that, and the same list where there is no file, is crawled
// only when up is told to crawl.
func (c upCmd) plan(e *env) (plan, error) {
	p, err := e.plan(c.crawlFlags)
	switch {
	case err != nil:
		return p, err
	case c.Crawl && len(p.boards) == 0:
		if p.boards, err = crawl.ParseBoards("jobcity's own list", bytes.NewReader(configs.Boards())); err != nil {
			return p, err
		}
	case !c.Crawl && p.shipped:
		e.log.Info("nothing is crawled: the file is jobcity's own list of public boards; --crawl crawls it", "file", p.name, "boards", len(p.boards))
		p.boards = nil
	case len(p.boards) == 0:
		e.log.Info("nothing is crawled: name boards with 'jobcity boards add URL', or crawl jobcity's own list with --crawl")
	}
	if c.Crawl {
		return p, p.needContact()
	}
	return p, nil
}

// plan reads settings and boards. To crawl jobcity's own list, the owners of the
// sites must be able to reach the user.
func (e *env) plan(f crawlFlags) (plan, error) {
	cfg, err := f.crawlConfig(e)
	if err != nil {
		return plan{}, err
	}
	list, err := loadBoards(f.Boards)
	return plan{list, cfg}, err
}

// needContact refuses to crawl strangers without an address of the user.
func (p plan) needContact() error {
	if !contactForm.MatchString(p.cfg.Contact) {
		return errNoContact
	}
	return nil
}

// crawler makes the crawler of a plan; nil if it has no boards.
func (a *app) crawler(p plan) (*crawl.Crawler, error) {
	if len(p.boards) == 0 {
		return nil, nil
	}
	if !contactForm.MatchString(p.cfg.Contact) {
		a.log.Warn("no contact address: set crawl.contact or --contact, so that the owners of the boards can reach you")
	}
	c, err := crawl.New(p.cfg, p.boards, a.bus, a.bus, a.log, a.registry)
	if err != nil {
		return nil, fmt.Errorf("boards in %s:\n%w", p.name, err)
	}
	return c, nil
}

var contactForm = regexp.MustCompile(`[^\s@]+@[^\s@]+\.[^\s@]+|https?://[^\s/]+\.[^\s]+`)

// errNoContact asks for a contact address, and says what crawling means.
var errNoContact = usageError{errors.New(`a contact address is needed to crawl the boards of others: their owners must be able to reach you.
It is sent with every request, in the User-Agent. Give an e-mail address or a page:

  --contact you@example.org        or crawl.contact in the file of --config, or JOBCITY_CRAWL_CONTACT

On terms of service: the boards are public and made to be read, and jobcity obeys robots.txt, asks each
host one thing at a time and stays away when told to. Whether you may collect postings, keep them and
publish what you make of them is another matter: it depends on each site's terms and on the law where
you are (copyright, database rights, protection of personal data). You are the one who crawls. Read the
terms of the boards on your list, keep it to what you need, and take a board off when its owner asks`)}
