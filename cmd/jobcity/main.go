// Command jobcity draws the map of IT roles from public job postings: it crawls
// or imports postings, tags them by district and hybrid-skill mix, and answers
// trend queries over them. Run `jobcity --help`.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"jobcity/configs"
)

// version is set at build time by -ldflags "-X main.version=…".
var version = "0.1.0-dev"

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
	exitPartly = 3
)

// errPartly marks a command that did its work but not for all of its input.
var errPartly = errors.New("not everything could be used")

// cli is the command line: flags that every command has, and the commands.
type cli struct {
	Config     string `type:"path" placeholder:"FILE" env:"JOBCITY_CONFIG" help:"Settings that differ from the defaults (YAML; 'jobcity check --print' shows them all)."`
	Data       string `type:"path" default:"./data" env:"JOBCITY_DATA" help:"Folder for everything that is kept; one process at a time."`
	LogLevel   string `enum:"debug,info,warn,error" default:"info" env:"JOBCITY_LOG_LEVEL" help:"debug, info, warn or error."`
	NoProgress bool   `env:"JOBCITY_NO_PROGRESS" help:"No progress bars."`

	Up      upCmd      `cmd:"" help:"Everything in one process: bus, crawl, tag, store and API."`
	Demo    demoCmd    `cmd:"" help:"'up' on a made-up city of boards served on loopback."`
	Crawl   crawlCmd   `cmd:"" help:"Only crawl: publish postings and sweeps to the bus."`
	Work    workCmd    `cmd:"" help:"Only tag: postings on the bus to record batches on the bus."`
	Serve   serveCmd   `cmd:"" help:"Only store and answer: follow the bus into DuckDB, serve the API."`
	Import  importCmd  `cmd:"" help:"Postings from files: JSONL, CSV, saved board responses and feeds, HN months, web archives (WARC), N-Quads; .gz and .zst; '-' for standard input."`
	Tag     tagCmd     `cmd:"" help:"Tag postings (JSONL or plain text) and print the tags as JSONL; no bus, no database."`
	Query   queryCmd   `cmd:"" help:"Run a trend; without a name, list them."`
	SQL     sqlCmd     `cmd:"" name:"sql" help:"Free read-only SQL over the tables."`
	Export  exportCmd  `cmd:"" help:"Every public table as Parquet, with a manifest."`
	Retag   retagCmd   `cmd:"" help:"Tag what is stored again under today's taxonomy, and say what changes."`
	Purge   purgeCmd   `cmd:"" help:"Erase postings from store, streams and snapshots, for good."`
	Boards  boardsCmd  `cmd:"" help:"The boards to crawl."`
	Keys    keysCmd    `cmd:"" help:"The keys of those who ask the API."`
	Check   checkCmd   `cmd:"" help:"Check configuration, boards, taxonomy and SQL; all errors at once."`
	Version versionCmd `cmd:"" help:"Print the version."`

	Searches searchesCmd `cmd:"" help:"The saved searches, for the operator."`
}

// env is what a command runs with.
type env struct {
	cli    *cli
	dir    string // the data folder, absolute
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	log    *slog.Logger
	tty    bool // stderr is a terminal and progress is wanted
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills the process
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run parses args, runs the command and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var c cli
	parser, err := kong.New(&c,
		kong.Name("jobcity"),
		kong.Description("A living map of IT roles from public job postings."),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Writers(stdout, stderr),
	)
	if err != nil {
		panic(err) // the struct above is wrong: every start fails alike
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(globalsFirst(args))
	if err != nil {
		fmt.Fprintf(stderr, "jobcity: %v\n", err)
		return exitUsage
	}
	e := newEnv(&c, stdin, stdout, stderr)
	command.BindTo(ctx, (*context.Context)(nil))
	err = command.Run(e)
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "jobcity: %v\n", err)
		return exitUsage
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "jobcity: interrupted; what was done is kept, run it again to go on")
		return exitFailed
	case errors.Is(err, errPartly):
		fmt.Fprintf(stderr, "jobcity: %v\n", err)
		return exitPartly
	default:
		fmt.Fprintf(stderr, "jobcity: %s\n", strings.TrimSpace(err.Error()))
		return exitFailed
	}
}

// usageError is a mistake in how a command was called.
type usageError struct{ error }

func newEnv(c *cli, stdin io.Reader, stdout, stderr io.Writer) *env {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // kong let only valid levels through
	tty := false
	if f, ok := stderr.(*os.File); ok {
		tty = term.IsTerminal(int(f.Fd())) && !c.NoProgress && os.Getenv("CI") == ""
	}
	dir, err := filepath.Abs(c.Data)
	if err != nil {
		dir = c.Data
	}
	var handler slog.Handler = slog.NewJSONHandler(stderr, &slog.HandlerOptions{Level: level})
	if f, ok := stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		handler = slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level})
	}
	return &env{cli: c, dir: dir, stdin: stdin, stdout: stdout, stderr: stderr, log: slog.New(handler), tty: tty}
}

// config loads the settings: defaults, file, environment.
func (e *env) config() (configs.Config, error) {
	c, err := configs.Load(e.cli.Config, os.Environ())
	if err != nil {
		return configs.Config{}, fmt.Errorf("configuration:\n%w", err)
	}
	return c, nil
}

type versionCmd struct{}

func (versionCmd) Run(e *env) error {
	_, err := fmt.Fprintln(e.stdout, "jobcity", version)
	return err
}
