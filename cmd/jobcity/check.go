package main

import (
	"context"
	"errors"
	"fmt"

	"jobcity/configs"
	"jobcity/pipeline/crawl"
	"jobcity/pipeline/tag"
)

type checkCmd struct {
	crawlFlags
	Print bool `help:"Print the defaults with their explanations."`
}

// Run checks all that is read at start, and reports everything that is wrong.
func (c checkCmd) Run(_ context.Context, e *env) error {
	if c.Print {
		_, err := e.stdout.Write(configs.Default())
		return err
	}
	var errs []error
	_, err := e.config()
	errs = append(errs, err)
	boards, name, err := loadBoards(c.Boards)
	errs = append(errs, err)
	fsys, err := configs.Taxonomy()
	if err == nil {
		err = tag.Check(fsys)
	}
	errs = append(errs, err)
	catalog, err := trends()
	errs = append(errs, err)
	if err := errors.Join(errs...); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "configuration, %d boards (%s), taxonomy and %d trends are in order\n", len(boards), name, len(catalog.All()))
	return nil
}

type boardsCmd struct {
	List  boardsListCmd  `cmd:"" help:"List the boards to crawl."`
	Check boardsCheckCmd `cmd:"" help:"Ask every board once, politely, and say what is wrong."`
}

type boardsListCmd struct{ crawlFlags }

func (c boardsListCmd) Run(e *env) error {
	boards, name, err := loadBoards(c.Boards)
	if err != nil {
		return err
	}
	if len(boards) == 0 {
		fmt.Fprintf(e.stderr, "no boards: %s is empty or not there\n", name)
	}
	for _, b := range boards {
		fmt.Fprintf(e.stdout, "%s\t%s\n", b.ID(), b.Employer)
	}
	return nil
}

type boardsCheckCmd struct{ crawlFlags }

func (c boardsCheckCmd) Run(ctx context.Context, e *env) error {
	cfg, err := e.config()
	if err != nil {
		return err
	}
	boards, _, err := loadBoards(c.Boards)
	if err != nil {
		return err
	}
	cfg.Crawl.Version = version
	crawler, err := crawl.New(cfg.Crawl, boards, nil, nil, e.log, nil)
	if err != nil {
		return err
	}
	bad := 0
	for _, b := range boards {
		if err := crawler.Check(ctx, b); err != nil {
			bad++
			fmt.Fprintf(e.stdout, "%s\t%v\n", b.ID(), err)
			continue
		}
		fmt.Fprintf(e.stdout, "%s\tok\n", b.ID())
	}
	if bad > 0 {
		return fmt.Errorf("%w: %d of %d boards", errPartly, bad, len(boards))
	}
	return ctx.Err()
}
