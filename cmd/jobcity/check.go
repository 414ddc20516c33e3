package main

import (
	"context"
	"errors"
	"fmt"

	"jobcity/configs"
	"jobcity/pipeline/tag"
)

type checkCmd struct {
	boardsFlag
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
	list, err := loadBoards(c.Boards)
	errs = append(errs, err)
	fsys, err := configs.Taxonomy()
	if err == nil {
		err = tag.Check(fsys)
	}
	errs = append(errs, err)
	_, _, err = configs.Employers()
	errs = append(errs, err)
	catalog, err := trends()
	errs = append(errs, err)
	if err := errors.Join(errs...); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "configuration, %d boards (%s), taxonomy and %d trends are in order\n", len(list.boards), list.name, len(catalog.All()))
	return nil
}
