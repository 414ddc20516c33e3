package main

import "math"

// sample is one posting for one model.
type sample struct {
	signals []int32
	values  []float32
	target  []float32 // by output of the model
	weight  float64
}

// model is which outputs are learned together.
type model struct {
	name    string
	outputs []string
	each    bool // every output by itself (logistic), or one of all (softmax)
	l2      float64
}

const (
	rounds  = 150
	decay1  = 0.9
	decay2  = 0.999
	epsilon = 1e-8
)

// fit minimises the cross-entropy of the samples plus half the squared
// distance of the weights from prior, times l2, by Adam over the whole of the
// samples: no randomness, so the same samples give the same weights. Signal 0 is the bias,
// which is not held back. The result is by signal, then output.
func fit(samples []sample, m model, prior []float32) []float32 {
	k := len(m.outputs)
	w := append([]float32(nil), prior...)
	gradient, first, second := make([]float64, len(w)), make([]float64, len(w)), make([]float64, len(w))
	p := make([]float64, k)
	for round := 1; round <= rounds; round++ {
		clear(gradient)
		for i := range samples {
			s := &samples[i]
			predict(p, s, w, m.each)
			for o := range p {
				p[o] = (p[o] - float64(s.target[o])) * s.weight
			}
			for j, f := range s.signals {
				g := gradient[int(f)*k : int(f)*k+k]
				for o := range g {
					g[o] += p[o] * float64(s.values[j])
				}
			}
		}
		rate := 0.1
		if round > rounds/2 {
			rate = 0.03
		}
		if round > rounds*4/5 {
			rate = 0.01
		}
		b1, b2 := 1-math.Pow(decay1, float64(round)), 1-math.Pow(decay2, float64(round))
		for i, g := range gradient {
			if i >= k {
				g += m.l2 * float64(w[i]-prior[i])
			}
			first[i] = decay1*first[i] + (1-decay1)*g
			second[i] = decay2*second[i] + (1-decay2)*g*g
			w[i] -= float32(rate * (first[i] / b1) / (math.Sqrt(second[i]/b2) + epsilon))
		}
	}
	return w
}

// predict sets p to the probabilities of the outputs.
func predict(p []float64, s *sample, w []float32, each bool) {
	k := len(p)
	clear(p)
	for j, f := range s.signals {
		v := float64(s.values[j])
		for o, x := range w[int(f)*k : int(f)*k+k] {
			p[o] += float64(x) * v
		}
	}
	if each {
		for o, z := range p {
			p[o] = 1 / (1 + math.Exp(-z))
		}
		return
	}
	top, sum := math.Inf(-1), 0.0
	for _, z := range p {
		top = math.Max(top, z)
	}
	for o, z := range p {
		p[o] = math.Exp(z - top)
		sum += p[o]
	}
	for o := range p {
		p[o] /= sum
	}
}
