package crawl

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the crawler's counters. Label values are sources, verdicts and
// classes of status: closed sets.
type metrics struct {
	requests      *prometheus.CounterVec
	seconds       *prometheus.HistogramVec
	bytes         *prometheus.CounterVec
	robotsBlocked *prometheus.CounterVec
	sweeps        *prometheus.CounterVec
	postings      *prometheus.CounterVec
	rejected      *prometheus.CounterVec
	deliveryRetry prometheus.Counter
}

// newMetrics registers the metrics with reg; nil leaves them unregistered.
func newMetrics(reg prometheus.Registerer) (*metrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "jobcity_crawl_" + name, Help: help}, labels)
	}
	m := &metrics{
		requests:      counter("requests_total", "HTTP requests by source and class of status.", "source", "class"),
		bytes:         counter("response_bytes_total", "Decoded bytes received.", "source"),
		robotsBlocked: counter("robots_blocked_total", "Requests not made because robots.txt forbids them.", "source"),
		sweeps:        counter("sweeps_total", "Sweeps of boards by verdict.", "source", "verdict"),
		postings:      counter("postings_total", "Postings published as new or changed.", "source"),
		rejected:      counter("rejected_total", "Postings sent to the dead letters.", "source"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jobcity_crawl_request_seconds", Help: "Time of HTTP requests.", Buckets: []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"source"}),
		deliveryRetry: prometheus.NewCounter(prometheus.CounterOpts{Name: "jobcity_crawl_publish_retries_total", Help: "Publishes tried again because the bus did not take them."}),
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.requests, m.bytes, m.robotsBlocked, m.sweeps, m.postings, m.rejected, m.seconds, m.deliveryRetry} {
		if err := reg.Register(c); err != nil {
			return nil, fmt.Errorf("register crawl metrics: %w", err)
		}
	}
	return m, nil
}

// watchHosts shows the state of the hosts' circuit breakers; reg may be nil.
func watchHosts(reg prometheus.Registerer, hs *hosts) error {
	if reg == nil {
		return nil
	}
	for _, state := range []breaker{closed, open, halfOpen} {
		err := reg.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "jobcity_crawl_hosts", Help: "Hosts by state of their circuit breaker.", ConstLabels: prometheus.Labels{"breaker": string(state)},
		}, func() float64 { return float64(hs.count()[state]) }))
		if err != nil {
			return fmt.Errorf("register crawl metrics: %w", err)
		}
	}
	return nil
}

func (m *metrics) request(source string, status int, took time.Duration, size int) {
	class := "error"
	if status > 0 {
		class = fmt.Sprintf("%dxx", status/100)
	}
	m.requests.WithLabelValues(source, class).Inc()
	m.seconds.WithLabelValues(source).Observe(took.Seconds())
	m.bytes.WithLabelValues(source).Add(float64(size))
}
