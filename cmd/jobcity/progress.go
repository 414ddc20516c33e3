package main

import (
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress is a bar on standard error for work that takes more than two
// seconds; without a terminal it shows nothing.
type progress struct {
	container *mpb.Progress
	bar       *mpb.Bar
}

// newProgress starts a bar over total units of a kind ("files", "boards").
func (e *env) newProgress(label, unit string, total int64) *progress {
	if !e.tty {
		return &progress{}
	}
	p := mpb.New(mpb.WithOutput(e.stderr), mpb.WithAutoRefresh(), mpb.WithRefreshRate(200*time.Millisecond), mpb.WithRenderDelay(after(2*time.Second)))
	bar := p.AddBar(total,
		mpb.PrependDecorators(decor.Name(label+" "), decor.CountersNoUnit("%d/%d "+unit, decor.WCSyncWidth)),
		mpb.AppendDecorators(decor.Percentage(decor.WC{W: 5}), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO)),
	)
	return &progress{container: p, bar: bar}
}

// after is a channel that closes after d.
func after(d time.Duration) <-chan struct{} {
	c := make(chan struct{})
	time.AfterFunc(d, func() { close(c) })
	return c
}

// set says how much is done, of how much in all.
func (p *progress) set(done, total int64) {
	if p.bar == nil {
		return
	}
	p.bar.SetTotal(total, false)
	p.bar.SetCurrent(done)
}

// done ends the bar, whatever is left.
func (p *progress) done() {
	if p.bar == nil {
		return
	}
	p.bar.SetTotal(-1, true)
	p.container.Wait()
}
