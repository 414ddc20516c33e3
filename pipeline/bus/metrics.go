package bus

import (
	"net/url"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	published   *prometheus.CounterVec
	waits       *prometheus.CounterVec
	dead        *prometheus.CounterVec
	redelivered prometheus.Counter
}

func newMetrics(reg prometheus.Registerer) metrics {
	m := metrics{
		published:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "jobcity_bus_published_messages_total", Help: "Messages acknowledged by the bus."}, []string{"stream"}),
		waits:       prometheus.NewCounterVec(prometheus.CounterOpts{Name: "jobcity_bus_publish_retries_total", Help: "Publishes that had to wait: the stream was full or the bus out of reach."}, []string{"stream"}),
		dead:        prometheus.NewCounterVec(prometheus.CounterOpts{Name: "jobcity_bus_dead_letters_total", Help: "Dead letters by kind."}, []string{"kind"}),
		redelivered: prometheus.NewCounter(prometheus.CounterOpts{Name: "jobcity_bus_redelivered_messages_total", Help: "Messages that were delivered before."}),
	}
	if reg != nil {
		reg.MustRegister(m.published, m.waits, m.dead, m.redelivered)
	}
	return m
}

// redacted is an address without its password, for messages.
func redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(unreadable address)"
	}
	return u.Redacted()
}
